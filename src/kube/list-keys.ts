import type { KubeObject } from '../ports.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * Writes `protocol: TCP` into every port that leaves it out. It is the default, but also half of the key by
 * which server-side apply tells ports apart, and servers before 1.21 refuse a port without it
 * (kubernetes/kubernetes#92332).
 */
export function withListKeys(object: KubeObject): KubeObject {
  const filled = fillContainers(object) as KubeObject
  const spec = filled.spec
  if (filled.kind !== 'Service' || !isObject(spec) || !Array.isArray(spec.ports)) return filled
  return { ...filled, spec: { ...spec, ports: spec.ports.map(withProtocol) } }
}

/** Wherever pods are described: a Pod, a template, a CronJob's template of a template. */
function fillContainers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fillContainers)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const areContainerPorts =
        key === 'ports' &&
        Array.isArray(inner) &&
        inner.every((port) => isObject(port) && 'containerPort' in port)
      return [key, areContainerPorts ? inner.map(withProtocol) : fillContainers(inner)]
    }),
  )
}

const withProtocol = (port: unknown): unknown =>
  isObject(port) ? { ...port, protocol: port.protocol ?? 'TCP' } : port
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
