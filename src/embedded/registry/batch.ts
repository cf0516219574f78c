import { defaultJob } from '../defaults/workload.ts'
import { type ApiObject, at, type Mutable, textAt } from '../object.ts'
import type { Condition, Workload } from '../shapes.ts'
import { humanDuration } from '../tables/human-duration.ts'
import { selectorText } from '../tables/selector-text.ts'
import { ageOf, column, wide } from '../tables/table.ts'
import { unsupported } from '../validate/field-error.ts'
import { dnsSubdomain } from '../validate/formats.ts'
import { validateTemplate } from '../validate/pod.ts'
import { selectorIsImmutable } from '../validate/workload.ts'
import { containerNames, imageNames } from './apps.ts'
import { EVERY_VERB, type Kind, STATUS } from './kind.ts'

export const jobs: Kind = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  categories: ['all'],
  namespaced: true,
  definition: 'io.k8s.api.batch.v1.Job',
  verbs: EVERY_VERB,
  subresources: [STATUS],
  nameFormat: dnsSubdomain,
  hasStatus: true,
  hasGeneration: true,
  fields: (object) => ({ 'status.successful': String(at(object, 'status', 'succeeded') ?? 0) }),
  table: {
    columns: [
      column('Name'),
      column('Status'),
      column('Completions'),
      column('Duration'),
      column('Age'),
      wide('Containers'),
      wide('Images'),
      wide('Selector'),
    ],
    row(object, nowMs) {
      const job = object as Workload
      return [
        job.metadata.name,
        statusOf(job),
        completions(job),
        duration(job, nowMs),
        ageOf(job, nowMs),
        containerNames(job.spec.template),
        imageNames(job.spec.template),
        selectorText(job.spec.selector),
      ]
    },
  },
  defaults: (object) => defaultJob(object as unknown as Mutable<Workload>),
  prepareCreate: (object) => {
    const { spec, metadata } = object as unknown as Mutable<Workload>
    object.status = {}
    if (at(spec, 'manualSelector') === true || spec?.template === undefined) return
    const uid = metadata.uid ?? ''
    spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }
    spec.template.metadata ??= {}
    const template = spec.template.metadata
    template.labels = {
      ...template.labels,
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': metadata.name,
      'controller-uid': uid,
      'job-name': metadata.name,
    }
  },
  validate: (object) => {
    const { spec } = object as Workload
    const policy = spec.template?.spec?.restartPolicy ?? ''
    return [
      ...validateTemplate(spec.template, 'spec.template'),
      ...(policy === 'Never' || policy === 'OnFailure'
        ? []
        : [unsupported('spec.template.spec.restartPolicy', policy, ['Never', 'OnFailure'])]),
    ]
  },
  validateUpdate: (object, old) => selectorIsImmutable(object as Workload, old as Workload),
}

function statusOf(job: ApiObject): string {
  const conditions = (at(job, 'status', 'conditions') ?? []) as readonly Condition[]
  for (const type of ['Complete', 'Failed', 'Suspended', 'FailureTarget', 'SuccessCriteriaMet'])
    if (conditions.some((condition) => condition.type === type && condition.status === 'True')) return type
  return job.metadata.deletionTimestamp === undefined ? 'Running' : 'Terminating'
}

function completions(job: ApiObject): string {
  const done = at(job, 'status', 'succeeded') ?? 0
  const wanted = at(job, 'spec', 'completions')
  if (wanted !== undefined) return `${done}/${wanted}`
  const parallelism = Number(at(job, 'spec', 'parallelism') ?? 0)
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`
}

function duration(job: ApiObject, nowMs: number): string {
  const start = textAt(job, 'status', 'startTime')
  const end = textAt(job, 'status', 'completionTime')
  if (start === '') return ''
  return humanDuration((end === '' ? nowMs : Date.parse(end)) - Date.parse(start))
}
