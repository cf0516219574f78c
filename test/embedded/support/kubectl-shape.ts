/** Other names of kinds, as they are typed. */
const KINDS: Readonly<Record<string, string>> = {
  po: 'pod',
  pods: 'pod',
  sts: 'statefulset',
  statefulsets: 'statefulset',
  svc: 'service',
  services: 'service',
  ep: 'endpoints',
  pvc: 'persistentvolumeclaim',
  persistentvolumeclaims: 'persistentvolumeclaim',
  pv: 'persistentvolume',
  sc: 'storageclass',
  storageclasses: 'storageclass',
  ns: 'namespace',
  namespaces: 'namespace',
  cm: 'configmap',
  configmaps: 'configmap',
  deploy: 'deployment',
  deployments: 'deployment',
  quota: 'resourcequota',
}

const VERBS =
  'apply annotate auth attach config cordon cp create delete describe diff drain edit exec explain expose get label logs patch port-forward replace rollout run scale set taint top wait'.split(
    ' ',
  )
const PAIRED = ['rollout', 'set', 'create', 'auth', 'config', 'top']
/** Where and how long, not what. */
const ELSEWHERE = ['-n', '--namespace', '--kubeconfig', '--request-timeout']
const SHORT: Readonly<Record<string, string>> = {
  '-w': '--watch',
  '-A': '--all-namespaces',
  '-it': '-i -t',
  '-ti': '-i -t',
}
/** Of these the value says what is printed or done; of all others it is a name or a number. */
const TELLING = ['-o', '--output', '--cascade', '--type', '--for']
/** A value follows as a word of its own where there is no `=`. */
const TAKES_VALUE =
  /^(-[nolLcfp]|--(namespace|replicas|image|type|patch|selector|tail|since|for|restart|timeout|output))$/

/**
 * What a kubectl command line does, without the names in it: "get pod -o yaml" for `kubectl get po web-0 -oyaml`.
 * null for what is only spoken of: `kubectl get`.
 */
export function shapeOf(line: string): string | null {
  const words = (line.match(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g) ?? []).map((word) =>
    word.replace(/['"]|,$/g, ''),
  )
  if (words[0] === 'kubectl') words.shift()
  const verb = words.shift() ?? ''
  if (!VERBS.includes(verb)) return null
  const sub = PAIRED.includes(verb) ? ` ${canonical(words.shift() ?? '')}` : ''
  const flags: string[] = []
  const operands: string[] = []
  let runs = false
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      runs = true
      break
    }
    if (!word.startsWith('-')) operands.push(word)
    else {
      const joined = /^(-[olLnfcp])([^=].*)$/.exec(word)
      const [, name = word, given] = joined ?? /^([^=]+)=(.*)$/s.exec(word) ?? []
      const value = given ?? (TAKES_VALUE.test(name) ? words.shift() : undefined)
      if (ELSEWHERE.includes(name)) continue
      const plain = SHORT[name] ?? name
      const told = (value ?? '').replace(/[=/].*$/s, '')
      flags.push(...(TELLING.includes(name) ? [`${plain} ${told}`] : plain.split(' ')))
    }
  }
  // Their operands are names; a service is created as one of several types.
  const kind =
    sub === ' service' && verb === 'create'
      ? (operands[0] ?? '')
      : ['create', 'run', 'exec', 'logs', 'cp', 'attach'].includes(verb)
        ? ''
        : kindsOf(operands)
  if (verb === 'apply' && flags.length === 0) return null
  if (operands.length === 0 && !runs && kind === '' && verb !== 'apply' && verb !== 'config') return null
  // A kind in capitals stands for any.
  if (/^[A-Z]+$/.test(kind)) return null
  return [verb + sub, kind, ...flags.sort(), runs ? '--' : ''].filter((part) => part !== '').join(' ')
}

const canonical = (word: string): string => KINDS[word] ?? word

function kindsOf([first = '']: readonly string[]): string {
  const [kinds = ''] = first.split('/')
  return kinds.split(',').map(canonical).join(',')
}

/** The kubectl command lines of a lab or of a page: those that stand by themselves, and those in backticks. */
export function commandsIn(text: string): readonly string[] {
  const own = text
    .split('\n')
    .map((line) => /^\s*(?:- |\$ |text: |- text: )?['"]?(kubectl [a-z].*)$/.exec(line)?.[1])
  const quoted = [...text.matchAll(/`(kubectl [a-z][^`]*)`/g)].map(([, command]) => command)
  return [...own, ...quoted]
    .filter((command) => command !== undefined)
    .flatMap((command) => command.split(/ \| | > | && | {2,}#/)[0] ?? [])
    .map((command) => command.replace(/['".,]+$/, '').replace(/,? (and|then|again).*$/, ''))
}
