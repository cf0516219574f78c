import { GLIMPSE_BYTES, SEARCHED_BYTES } from '../criteria/content.ts'
import type { FileReading } from '../timeline/observation.ts'

/** Names of the files we leave on a claim start with this; the pod's name follows, so that a shared volume shows. */
export const TOKEN_PREFIX = '.sts-lab-'
/** Bounds of one reading, so that a volume of any size is read in a moment. */
const MAX_FILE_BYTES = 64 * 1024
export const MAX_READING_BYTES = 4 * 1024 * 1024
/** Of more files nothing is known but that they are there; of more than that, not even that. */
const BOUNDS: ReadingBounds = { searched: 2000, counted: 5000 }
/** So that they and the glimpses fit into one reading: output that is cut off has no end record and counts for nothing. */
const MAX_NAMED_FILES = 56

interface ReadingBounds {
  /** Files whose content is looked at. */
  readonly searched: number
  readonly counted: number
}

/**
 * Runs in a container (any POSIX sh with find, grep, head and stat): optionally writes our token, then prints what
 * is on one mounted claim. Files that contain the pod's name are printed whole up to a bound, of the others a
 * glimpse. Every record starts with an unguessable boundary, so a file's content cannot imitate one.
 *
 * Only regular files count: a symbolic link may lead off the volume, a pipe would hang. `-xdev` and the pruned
 * paths keep other volumes mounted inside this one out. Names with a line break are left out as well: they would be
 * taken for two paths, and the second may be anywhere in the container.
 *
 * $1 boundary  $2 pod name  $3 folder  $4 token file name ('' for none)  $5 token  $6… paths to leave out
 * Exit code 97: a needed tool is missing. 98: the token could not be written.
 */
export const readClaimWithin = ({
  searched,
  counted,
}: ReadingBounds): string => `b=$1; p=$2; d=$3; f=$4; t=$5; shift 5
for c in find grep head stat; do command -v $c >/dev/null 2>&1 || exit 97; done
[ -z "$f" ] || printf %s "$t" 2>/dev/null >"$d/$f" || exit 98
n=$#; i=0
while [ $i -lt $n ]; do x=$1; shift; set -- "$@" -path "$x" -prune -o; i=$((i+1)); done
one() {
  printf '\\n%s file %s %s\\n%s\\n' "$b" "$1" "$(stat -c '%s %Y %i %Z %y' -- "$2" 2>/dev/null)" "$2"
  head -c "$3" -- "$2" 2>/dev/null
}
find "$d" -xdev -maxdepth 8 -path '*
*' -prune -o "$@" -type f -print 2>/dev/null | head -n ${counted} | {
  s=0; o=0; k=0; l=0
  while IFS= read -r x; do
    case $x in */${TOKEN_PREFIX}*) one token "$x" 256; continue ;; esac
    s=$((s+1))
    [ $s -le ${searched} ] || { l=1; continue; }
    if head -c ${SEARCHED_BYTES} -- "$x" 2>/dev/null | grep -qF -e "$p" 2>/dev/null; then
      if [ $k -lt ${MAX_NAMED_FILES} ]; then k=$((k+1)); one named "$x" ${MAX_FILE_BYTES}; else l=1; fi
    elif [ $o -lt 12 ]; then o=$((o+1)); one other "$x" ${GLIMPSE_BYTES}; fi
  done
  printf '\\n%s end %s %s\\n' "$b" "$s" "$l"
}`

export const READ_CLAIM = readClaimWithin(BOUNDS)

/** Removes our token file. $1 folder  $2 file name */
export const REMOVE_TOKEN = 'rm -f -- "$1/$2"'

export interface ClaimListing {
  readonly tokens: Readonly<Record<string, string>>
  readonly files: readonly FileReading[]
  readonly fileCount: number
  readonly partial: boolean
}

/** @returns null when the output has no end record: cut short, or not ours. */
export function parseListing(output: Buffer, boundary: string, folder: string): ClaimListing | null {
  // latin1 keeps one character per byte, so lengths are byte counts; contents are decoded as UTF-8 below.
  const records = output.toString('latin1').split(`\n${boundary} `)
  const tokens: Record<string, string> = {}
  const files: FileReading[] = []
  let end: { count: number; partial: boolean } | null = null
  for (const record of records.slice(1)) {
    const headEnd = record.indexOf('\n')
    const [what, ...words] = record.slice(0, headEnd).split(' ')
    if (what === 'end') {
      end = { count: Number(words[0]), partial: words[1] === '1' }
      continue
    }
    if (what !== 'file') continue
    const [kind, size, epoch, inode, changed, ...rest] = words
    const pathEnd = record.indexOf('\n', headEnd + 1)
    const path = decode(record.slice(headEnd + 1, pathEnd))
      .slice(folder.length)
      .replace(/^\/+/, '')
    const content = record.slice(pathEnd + 1)
    const sizeBytes = Number(size)
    if (kind === 'token') {
      tokens[path.split('/').at(-1) ?? path] = decode(content)
      continue
    }
    const fraction = /\d\d:\d\d:\d\d\.(\d+)/.exec(rest.join(' '))?.[1] ?? ''
    files.push({
      path,
      sizeBytes: Number.isFinite(sizeBytes) ? sizeBytes : content.length,
      modified: epoch === undefined || epoch === '' ? null : fraction === '' ? epoch : `${epoch}.${fraction}`,
      ...(inode && changed ? { copy: { inode, changed } } : {}),
      text: decode(content),
      truncated: Number.isFinite(sizeBytes) && content.length < sizeBytes,
    })
  }
  return end === null ? null : { tokens, files, fileCount: end.count, partial: end.partial }
}

const decode = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8')
