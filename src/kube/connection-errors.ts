import { interruptedError, LabError, undecidedError } from '../errors.ts'

/** How far a request had come when it broke. */
export type RequestStage = 'connecting' | 'waiting for an answer' | 'reading the answer'

/**
 * Translates a fault of the connection itself (refused, reset, TLS, DNS …): codes connection-refused,
 * connection-lost, tls, dns, bad-answer. `connection-refused` and `dns` mean that nothing was sent.
 */
export function connectionError(error: unknown, server: string, stage: RequestStage): LabError {
  if (error instanceof LabError) return error
  const code = codeOf(error)
  const said = error instanceof Error ? error.message : String(error)
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    const message = `nothing answers at ${server} (${code})`
    return undecidedError(
      'connection-refused',
      message,
      'is the cluster running? kubectl cluster-info',
      error,
    )
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const message = `the name of the API server cannot be resolved: ${server} (${code})`
    return undecidedError('dns', message, 'look at the server in: kubectl config view --minify', error)
  }
  if (isTlsFault(code)) {
    const message = `no trusted connection to ${server}: ${said} (${code})`
    const hint =
      'the kubeconfig may be of an older cluster: fetch it again (kind export kubeconfig, minikube update-context …)'
    return undecidedError('tls', message, hint, error)
  }
  if (code.startsWith('HPE_')) {
    const message = `what answers at ${server} does not speak HTTP as a Kubernetes API server does (${code})`
    return undecidedError('bad-answer', message, 'look at the server in: kubectl config view --minify', error)
  }
  const message = `the connection to ${server} broke while ${stage}: ${said}`
  return undecidedError('connection-lost', message, 'is the cluster running? kubectl cluster-info', error)
}

/** The deadline of a request passed: code timeout. */
export function timeoutError(server: string, stage: RequestStage, timeoutMs: number, what: string): LabError {
  const message = `no complete answer from ${server} within ${timeoutMs / 1000} s (${stage}, ${what})`
  return undecidedError('timeout', message, 'is the cluster overloaded or stopped? kubectl cluster-info')
}

/** Why a signal was aborted: its reason where that is one of our errors, else 'interrupted'. */
export const abortError = (signal: AbortSignal): LabError =>
  signal.reason instanceof LabError ? signal.reason : interruptedError()

const isTlsFault = (code: string): boolean =>
  /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|CERT_|CRL_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/.test(
    code,
  )

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  // Trying both ::1 and 127.0.0.1 fails with an AggregateError that carries the code itself.
  const code = 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
