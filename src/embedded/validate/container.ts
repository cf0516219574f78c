import type { Container, ContainerPort, Probe } from '../shapes.ts'
import {
  duplicate,
  type FieldError,
  invalid,
  missing,
  notAllowed,
  required,
  unsupported,
} from './field-error.ts'
import { dnsLabel, envVarName, portName, portNumber } from './formats.ts'
import { notNegative } from './metadata.ts'
import { quantityValue } from './quantity.ts'

export function validateContainers(
  containers: readonly Container[],
  volumes: ReadonlySet<string>,
  field: string,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [index, container] of containers.entries()) {
    const place = `${field}[${index}]`
    errors.push(
      ...validateName(container.name, names, place),
      ...validateContainer(container, volumes, place),
    )
  }
  return errors
}

function validateName(name: string | undefined, taken: Set<string>, place: string): readonly FieldError[] {
  if (name === undefined || name === '') return [required(`${place}.name`)]
  if (taken.has(name)) return [duplicate(`${place}.name`, name)]
  taken.add(name)
  return dnsLabel(name).map((problem) => invalid(`${place}.name`, name, problem))
}

function validateContainer(
  container: Container,
  volumes: ReadonlySet<string>,
  place: string,
): readonly FieldError[] {
  const { image, imagePullPolicy, terminationMessagePolicy } = container
  const errors: FieldError[] = []
  if (image === undefined || image === '') errors.push(required(`${place}.image`))
  else if (image.trim() !== image)
    errors.push(invalid(`${place}.image`, image, 'must not have leading or trailing whitespace'))
  const policies = ['Always', 'IfNotPresent', 'Never']
  if (imagePullPolicy !== undefined && !policies.includes(imagePullPolicy))
    errors.push(unsupported(`${place}.imagePullPolicy`, imagePullPolicy, policies))
  const messages = ['FallbackToLogsOnError', 'File']
  if (terminationMessagePolicy !== undefined && !messages.includes(terminationMessagePolicy))
    errors.push(unsupported(`${place}.terminationMessagePolicy`, terminationMessagePolicy, messages))
  errors.push(
    ...validatePorts(container.ports ?? [], `${place}.ports`),
    ...validateEnv(container, place),
    ...validateMounts(container, volumes, place),
    ...validateResources(container, place),
    ...validateProbe(container.livenessProbe, `${place}.livenessProbe`, true),
    ...validateProbe(container.readinessProbe, `${place}.readinessProbe`, false),
    ...validateProbe(container.startupProbe, `${place}.startupProbe`, true),
  )
  return errors
}

function validatePorts(ports: readonly ContainerPort[], field: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [index, { name, containerPort, protocol, hostPort }] of ports.entries()) {
    const place = `${field}[${index}]`
    if (name !== undefined && name !== '') {
      for (const problem of portName(name)) errors.push(invalid(`${place}.name`, name, problem))
      if (names.has(name)) errors.push(duplicate(`${place}.name`, name))
      names.add(name)
    }
    if (containerPort === undefined || containerPort === 0) errors.push(required(`${place}.containerPort`))
    else
      for (const problem of portNumber(containerPort))
        errors.push(invalid(`${place}.containerPort`, containerPort, problem))
    if (hostPort !== undefined && hostPort !== 0)
      for (const problem of portNumber(hostPort)) errors.push(invalid(`${place}.hostPort`, hostPort, problem))
    if (protocol !== undefined && !PROTOCOLS.includes(protocol))
      errors.push(unsupported(`${place}.protocol`, protocol, PROTOCOLS))
  }
  return errors
}

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

function validateEnv({ env = [] }: Container, place: string): readonly FieldError[] {
  return env.flatMap(({ name, value, valueFrom }, index) => {
    const field = `${place}.env[${index}]`
    const errors: FieldError[] = []
    if (name === undefined || name === '') errors.push(required(`${field}.name`))
    else for (const problem of envVarName(name)) errors.push(invalid(`${field}.name`, name, problem))
    if (valueFrom !== undefined && value !== undefined && value !== '')
      errors.push(invalid(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty'))
    if (valueFrom !== undefined && Object.keys(valueFrom).length === 0)
      errors.push(
        invalid(
          `${field}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        ),
      )
    return errors
  })
}

function validateMounts(
  { volumeMounts = [] }: Container,
  volumes: ReadonlySet<string>,
  place: string,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const paths = new Set<string>()
  for (const [index, { name, mountPath }] of volumeMounts.entries()) {
    const field = `${place}.volumeMounts[${index}]`
    if (name === undefined || name === '') errors.push(required(`${field}.name`))
    if (!volumes.has(name)) errors.push(missing(`${field}.name`, name ?? ''))
    if (mountPath === undefined || mountPath === '') errors.push(required(`${field}.mountPath`))
    if (paths.has(mountPath)) errors.push(invalid(`${field}.mountPath`, mountPath, 'must be unique'))
    paths.add(mountPath)
  }
  return errors
}

function validateResources({ resources = {} }: Container, place: string): readonly FieldError[] {
  const errors: FieldError[] = []
  const { limits = {}, requests = {} } = resources
  for (const [which, amounts] of Object.entries({ limits, requests }))
    for (const [name, amount] of Object.entries(amounts)) {
      const field = `${place}.resources.${which}[${name}]`
      if ((quantityValue(amount) ?? 0) < 0)
        errors.push(invalid(field, amount, 'must be greater than or equal to 0'))
    }
  for (const [name, amount] of Object.entries(requests)) {
    const limit = limits[name]
    if (limit !== undefined && (quantityValue(amount) ?? 0) > (quantityValue(limit) ?? 0))
      errors.push(
        invalid(
          `${place}.resources.requests`,
          amount,
          `must be less than or equal to ${name} limit of ${limit}`,
        ),
      )
  }
  return errors
}

function validateProbe(probe: Probe | undefined, field: string, liveness: boolean): readonly FieldError[] {
  if (probe === undefined) return []
  const errors: FieldError[] = []
  const handlers = (['exec', 'httpGet', 'tcpSocket', 'grpc'] as const).filter(
    (key) => probe[key] !== undefined,
  )
  if (handlers.length === 0) errors.push(required(field, 'must specify a handler type'))
  for (const extra of handlers.slice(1))
    errors.push(notAllowed(`${field}.${extra}`, 'may not specify more than 1 handler type'))
  if (probe.exec !== undefined && (probe.exec.command ?? []).length === 0)
    errors.push(required(`${field}.exec.command`))
  for (const handler of ['httpGet', 'tcpSocket'] as const) {
    const port = probe[handler]?.port
    if (port === undefined) continue
    const problems = typeof port === 'number' ? portNumber(port) : portName(port)
    for (const problem of problems) errors.push(invalid(`${field}.${handler}.port`, port, problem))
  }
  for (const key of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const)
    errors.push(...notNegative(probe[key], `${field}.${key}`))
  if (liveness && probe.successThreshold !== undefined && probe.successThreshold !== 1)
    errors.push(invalid(`${field}.successThreshold`, probe.successThreshold, 'must be 1'))
  return errors
}
