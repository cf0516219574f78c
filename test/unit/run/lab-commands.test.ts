import { describe, expect, it } from 'vitest'
import type { LabAction } from '../../../src/lab/lab.ts'
import { type CommandSetting, commandsFor, lookLines } from '../../../src/run/lab-commands.ts'
import { tinyLab } from './tiny-lab.ts'

const setting: CommandSetting = {
  namespace: 'lab',
  labNamespace: 'lab',
  statefulSet: 'web',
  manifests: 'manifests/tiny',
  context: null,
  kubeconfig: null,
  keepNamespace: false,
}
const cleanUp: LabAction = {
  do: 'delete',
  objects: [
    { kind: 'PersistentVolumeClaim', name: null, selector: 'app=web' },
    { kind: 'Namespace', name: null, selector: null },
  ],
}
const look = (line: string, changed: Partial<CommandSetting> = {}) => {
  const [step] = tinyLab.steps
  return step && lookLines({ ...step, look: [line] }, { ...setting, ...changed })[0]
}

describe('the kubectl lines of a step', () => {
  it('name file, set and namespace', () => {
    expect(commandsFor({ do: 'apply', manifests: ['set.yaml'] }, setting)).toEqual([
      'kubectl apply -f manifests/tiny/set.yaml',
    ])
    expect(commandsFor({ do: 'scale', replicas: 5 }, setting)).toEqual([
      'kubectl -n lab scale statefulset web --replicas=5',
    ])
  })

  it('follow another namespace, which the manifests do not name', () => {
    expect(commandsFor({ do: 'apply', manifests: ['set.yaml'] }, { ...setting, namespace: 'mine' })).toEqual([
      "sed -E 's/(name|namespace): lab$/\\1: mine/' manifests/tiny/set.yaml | kubectl apply -f -",
    ])
  })

  it('mean the same cluster, with names quoted for the shell', () => {
    const elsewhere = { ...setting, context: 'kind lab', kubeconfig: '/a/config' }
    expect(commandsFor({ do: 'delete-pod', pod: 'web-1' }, elsewhere)).toEqual([
      "kubectl --kubeconfig /a/config --context 'kind lab' -n lab delete pod web-1",
    ])
  })

  it('write a file in each pod, quoted so that its own shell sees the same', () => {
    const write: LabAction = { do: 'write', file: '/data/owner.txt', text: 'data of {pod}' }
    expect(commandsFor(write, { ...setting, pods: ['web-0', 'web-1'] })).toEqual([
      `kubectl -n lab exec web-0 -- sh -c 'echo "data of web-0" > /data/owner.txt'`,
      `kubectl -n lab exec web-1 -- sh -c 'echo "data of web-1" > /data/owner.txt'`,
    ])
  })

  it('delete the namespace only where it is the lab’s', () => {
    expect(commandsFor(cleanUp, setting)).toEqual([
      'kubectl -n lab delete pvc -l app=web',
      'kubectl delete namespace lab',
    ])
    expect(commandsFor(cleanUp, { ...setting, keepNamespace: true })).toHaveLength(1)
  })

  it('to look around get the namespace where it means something', () => {
    expect(look('kubectl get pods --watch')).toBe('kubectl -n lab get pods --watch')
    expect(look('kubectl get namespace {namespace}')).toBe('kubectl get namespace lab')
    expect(look('kubectl explain statefulset.spec', { context: 'k' })).toBe(
      'kubectl --context k explain statefulset.spec',
    )
  })
})
