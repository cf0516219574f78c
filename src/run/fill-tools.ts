import type { ManifestDocument } from '../ports.ts'

/** What a lab with blanks needs of the world. */
export interface FillTools {
  /** The text of a file of the lab's manifests, with its blanks. */
  readonly template: (file: string) => Promise<string>
  /** Parses a manifest as kubectl reads it; `file` is for messages. */
  readonly parse: (text: string, file: string) => Promise<readonly ManifestDocument[]>
  /** null: nobody is there to fill anything in, and our own solution is taken. */
  readonly student: StudentFolder | null
  /** Ask for each blank, rather than wait for the file to be saved. */
  readonly prompt: boolean
}

/** The folder in which the student's own files of a lab are. Rejects with LabErrors. */
export interface StudentFolder {
  /** Absolute. */
  readonly path: string
  /** As one would type it from here. */
  readonly shown: string
  /** null: there is no such file. */
  read(file: string): Promise<string | null>
  /** Never overwrites: false when there is one already. Creates the folder. */
  create(file: string, text: string): Promise<boolean>
  /** All or nothing. */
  replace(file: string, text: string): Promise<void>
  /** Calls back after files were saved, until aborted. false: it cannot tell, so somebody has to ask. */
  watch(changed: () => void, signal: AbortSignal): boolean
}
