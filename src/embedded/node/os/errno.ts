const TEXTS = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  EBUSY: 'Resource busy',
  EXDEV: 'Invalid cross-device link',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Symbolic link loop',
  EBADF: 'Bad file descriptor',
  EAGAIN: 'Resource temporarily unavailable',
  ETXTBSY: 'Text file busy',
  EPIPE: 'Broken pipe',
  ENAMETOOLONG: 'File name too long',
  EFBIG: 'File too large',
} as const

export type ErrnoCode = keyof typeof TEXTS

/** A system call that did not work, with the C library's words. */
export class Errno extends Error {
  readonly code: ErrnoCode

  constructor(code: ErrnoCode) {
    super(TEXTS[code])
    this.name = 'Errno'
    this.code = code
  }
}

/** The words of an errno; anything else is passed on. */
export function textOf(error: unknown): string {
  if (error instanceof Errno) return error.message
  throw error
}
