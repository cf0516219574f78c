import path from 'node:path'
import type { Lab } from '../lab/lab.ts'
import type { FillTools } from '../run/fill-tools.ts'
import type { FillSetting } from '../run/lab-fill-files.ts'
import type { ManifestSetting } from '../run/lab-manifests.ts'
import type { LabProgress } from '../run/progress.ts'
import { loadManifest, readManifest } from './load-manifest.ts'
import type { Services } from './services.ts'
import { studentFolder } from './student-folder.ts'

/** A lab's manifests, meant for a namespace. */
export const manifestSetting = (lab: Lab, namespace: string, services: Services): ManifestSetting => ({
  load: (file) => loadManifest(file, services),
  folder: path.join(services.manifestsDir, lab.id),
  labNamespace: lab.namespace,
  namespace,
})

/** @param folder of the student, absolute; null: nobody fills anything in. */
export const fillTools = (
  lab: Lab,
  folder: string | null,
  services: Services,
  prompt = false,
): FillTools => ({
  template: (file) => readManifest(path.join(services.manifestsDir, lab.id, file), services),
  parse: services.parseManifest,
  student: folder === null ? null : studentFolder(folder, services),
  prompt,
})

/** @param progress where the student is, if it matters what was applied. */
export const fillSetting = (
  lab: Lab,
  namespace: string,
  folder: string | null,
  services: Services,
  progress: LabProgress | null = null,
): FillSetting => ({
  lab,
  tools: fillTools(lab, folder, services),
  manifests: manifestSetting(lab, namespace, services),
  applied: (blank) => progress?.answers[`fill/${blank}`]?.text,
})
