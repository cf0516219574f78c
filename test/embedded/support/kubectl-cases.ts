export interface KubectlCase {
  readonly args: string
  /** Why the words may differ from those of kubectl on a Kubernetes 1.20. */
  readonly differs?: string
  /** What is said all the same. */
  readonly says?: string
}

const on = (args: string): KubectlCase => ({ args })

/** One after the other in one namespace; {dir} is where the manifests are. Nothing of it ever runs. */
export const KUBECTL: readonly KubectlCase[] = [
  on('apply -f {dir}/web.yaml'),
  on('apply -f {dir}/web.yaml'),
  on('apply -f {dir}/no-selector.yaml'),
  {
    args: 'apply -f {dir}/typo.yaml',
    differs: 'with an older server kubectl checks by itself',
    says: 'strict decoding error: unknown field "spec.replicass"',
  },
  on('apply -f {dir}/pod.yaml'),
  on('get statefulset,service,configmap,pod conf'),
  on('get sts'),
  on('get sts,svc -o wide'),
  on('get configmap conf -o yaml'),
  { args: 'get pod lone -o wide', differs: 'nothing' },
  on('get pod lone -o jsonpath={.spec.terminationGracePeriodSeconds}'),
  on('get pods -l app=lone -o name'),
  on('get pods -l app=nobody'),
  on('get pods --field-selector=status.phase=Running'),
  on('get sts nothing'),
  on('get nothing'),
  {
    args: 'describe service web',
    differs: 'newer services have more fields',
    says: 'Internal Traffic Policy:  Cluster',
  },
  {
    args: 'describe sts web',
    differs: 'kubectl shows what newer servers tell',
    says: 'Volume Claims:\n  Name:          data',
  },
  {
    args: 'describe pod lone',
    differs: 'the scheduler has spoken there',
    says: 'QoS Class:        Burstable',
  },
  on('scale sts web --replicas=0'),
  on('scale sts web --replicas=2 --current-replicas=9'),
  on('set image sts/web main=busybox:1.28'),
  on('set image sts/web other=busybox:1.28'),
  on('set env sts/web WHO=you'),
  on(
    'get sts web -o jsonpath={.spec.template.spec.containers[*].image}{.spec.template.spec.containers[*].env}',
  ),
  on(
    'patch sts web -p {"spec":{"template":{"spec":{"containers":[{"name":"main","image":"busybox:1.36"}]}}}}',
  ),
  on('patch configmap conf --type=json -p [{"op":"replace","path":"/data/colour","value":"red"}]'),
  on('label pod lone colour=red'),
  on('label pod lone colour=blue'),
  on('label pod lone colour=blue --overwrite'),
  on('label pod lone colour-'),
  on('annotate configmap conf note=x'),
  on('apply --server-side -f {dir}/pod.yaml'),
  on('apply --server-side --field-manager=other -f {dir}/pod.yaml'),
  {
    args: 'apply --server-side --field-manager=other -f {dir}/web.yaml',
    differs: 'time of a conflict',
    says: 'Apply failed with',
  },
  on('create configmap conf'),
  on('create configmap made --from-literal=a=b'),
  on('create secret generic hidden --from-literal=a=b'),
  on('create serviceaccount worker'),
  on('create deployment front --image=nginx:1.22 --replicas=0'),
  { args: 'create service clusterip front --tcp=80:8080', differs: 'nothing' },
  on('get deployment front -o jsonpath={.spec.strategy}'),
  on('create configmap Bad_Name'),
  on('auth can-i create pods'),
  on('logs lone'),
  { args: 'exec lone -- ls', differs: 'nothing' },
  on('wait --for=condition=Ready pod/lone --timeout=1s'),
  on('wait --for=jsonpath={.status.phase}=Pending pod/lone --timeout=5s'),
  on('delete pod lone'),
  on('wait --for=delete pod/lone --timeout=5s'),
  on('delete pod lone'),
  on('delete sts web'),
  on('delete -f {dir}/web.yaml --ignore-not-found'),
  on('delete configmap,secret --all --field-selector=metadata.name=made'),
  on('delete deployment front'),
  {
    args: 'explain statefulset.spec.serviceName',
    differs: 'descriptions change',
    says: 'FIELD: serviceName <string>',
  },
  { args: 'version', differs: 'it is another version', says: 'Server Version: v1.34.0+sts-lab-simulated' },
]
