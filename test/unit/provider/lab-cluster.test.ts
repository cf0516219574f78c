import { describe, expect, it } from 'vitest'
import {
  type ClusterQuestion,
  type NodeFacts,
  recogniseContext,
  recogniseNode,
  requireLabCluster,
} from '../../../src/provider/lab-cluster.ts'

const LOCAL = 'https://127.0.0.1:6443'
const CLOUD = 'https://ABC.gr7.eu-west-1.eks.amazonaws.com'

describe('a context by its name', () => {
  it.each([
    ['kind-lab', 'kind'],
    ['minikube', 'minikube'],
    ['k3d-course', 'k3d'],
    ['docker-desktop', 'docker-desktop'],
    ['docker-for-desktop', 'docker-desktop'],
    ['rancher-desktop', 'rancher-desktop'],
    ['colima', 'colima'],
    ['colima-work', 'colima'],
    ['orbstack', 'orbstack'],
    ['native', 'native'],
    ['sts-lab-embedded', 'embedded'],
  ])('%s is %s', (name, provider) => {
    expect(recogniseContext(name, LOCAL)).toBe(provider)
  })

  it.each([
    'prod',
    'kind',
    'kind-',
    'my-kind-lab',
    'minikube-prod',
    'not-native',
    'k3d',
    'default',
    'arn:aws:eks:x',
  ])('%s is nothing we know', (name) => {
    expect(recogniseContext(name, LOCAL)).toBeNull()
  })

  it.each([
    'https://localhost:1',
    'https://[::1]:1',
    'https://0.0.0.0:1',
    'https://192.168.49.2:8443',
    'https://10.0.0.3:6443',
    'https://172.18.0.2:6443',
    'https://kubernetes.docker.internal:6443',
    'https://k8s.orb.local',
    'https://lab-control-plane:6443',
    'https://[fd00::1]:6443',
  ])('counts at %s', (server) => {
    expect(recogniseContext('native', server)).toBe('native')
  })

  it.each([
    CLOUD,
    'https://34.90.1.2',
    'https://172.32.0.1',
    'https://x.hcp.westeurope.azmk8s.io:443',
    'https://k8s.example.com',
    'https://10.0.0.3.example.com',
    'https://[2001:db8::1]',
    'nonsense',
  ])('does not count at %s, which may be anybody’s', (server) => {
    expect(recogniseContext('native', server)).toBeNull()
    expect(recogniseContext('kind-prod', server)).toBeNull()
  })
})

describe('a node by its own account', () => {
  const node = (facts: Partial<NodeFacts>): NodeFacts => ({
    name: 'node',
    labels: {},
    providerId: '',
    osImage: '',
    kubeletVersion: '',
    ...facts,
  })
  const k3s = { 'node.kubernetes.io/instance-type': 'k3s' }

  it.each([
    [{ providerId: 'kind://docker/lab/lab-control-plane' }, 'kind'],
    [{ labels: { 'minikube.k8s.io/name': 'course' } }, 'minikube'],
    [{ name: 'k3d-lab-server-0', labels: k3s }, 'k3d'],
    [{ name: 'docker-desktop' }, 'docker-desktop'],
    [{ name: 'lima-rancher-desktop' }, 'rancher-desktop'],
    [{ name: 'colima' }, 'colima'],
    [{ name: 'orbstack' }, 'orbstack'],
    [{ kubeletVersion: 'v1.34.0+sts-lab-simulated' }, 'embedded'],
    [{ labels: k3s }, 'k3s'],
    [{ providerId: 'k3s://box' }, 'k3s'],
    [{ providerId: 'aws:///eu-west-1a/i-0' }, null],
    [{ name: 'kind-control-plane' }, null],
    [{}, null],
  ])('%j is %s', (facts, provider) => {
    expect(recogniseNode(node(facts), LOCAL)).toBe(provider)
  })

  it('k3s elsewhere may serve customers; kind and minikube never do', () => {
    expect(recogniseNode(node({ labels: k3s }), 'https://10.0.0.3:6443')).toBeNull()
    expect(recogniseNode(node({ name: 'docker-desktop' }), CLOUD)).toBeNull()
    expect(recogniseNode(node({ providerId: 'kind://docker/a/b' }), CLOUD)).toBe('kind')
  })
})

describe('the use of a cluster', () => {
  const question = (more: Partial<ClusterQuestion>): ClusterQuestion => ({
    context: 'prod',
    server: CLOUD,
    provider: null,
    chosen: false,
    allowAnyCluster: false,
    ...more,
  })
  const yes = async () => true
  const no = async () => false
  const never = async () => expect.fail('nobody should be asked')
  const refused = { kind: 'usage', code: 'not-a-lab-cluster' }

  it('of a lab cluster needs no question', async () => {
    await requireLabCluster(question({ provider: 'kind' }), never)
  })

  it('of any other needs --context, whatever else is said', async () => {
    await expect(requireLabCluster(question({}), never)).rejects.toMatchObject(refused)
    await expect(requireLabCluster(question({ allowAnyCluster: true }), never)).rejects.toMatchObject(refused)
  })

  it('of any other needs a yes as well', async () => {
    await requireLabCluster(question({ chosen: true }), yes)
    await requireLabCluster(question({ chosen: true, allowAnyCluster: true }), never)
    await expect(requireLabCluster(question({ chosen: true }), no)).rejects.toMatchObject(refused)
  })

  it('refused without a terminal names what to type', async () => {
    await expect(
      requireLabCluster(question({ chosen: true, context: "my prod's" }), null),
    ).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(CLOUD),
      hint: `if it is yours to experiment with, add: --context 'my prod'\\''s' --yes`,
    })
  })
})
