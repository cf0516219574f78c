import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { criteria } from '../../../src/criteria/index.ts'
import { judgeAnswer } from '../../../src/lab/answer.ts'
import { parseLab } from '../../../src/lab/parse-lab.ts'

const { lab } = parseLab(readFileSync('labs/section3.yaml', 'utf8'), 'section3.yaml', {
  criteria: criteria.map(({ id }) => id),
  checks: [],
  manifests: () => readdirSync('manifests/section3'),
})

/** Which points of a question an answer makes, by their number from 1. */
function made(question: number, answer: string): number[] {
  const asked = lab?.questions[question - 1]
  if (asked === undefined) throw new Error(`there is no question ${question}`)
  const { found } = judgeAnswer(asked, answer)
  return asked.points.flatMap(({ point }, index) => (found.includes(point) ? [index + 1] : []))
}

type Case = readonly [question: number, answer: string, points: readonly number[]]

const GOOD: readonly Case[] = [
  [1, 'clusterIP: None', [1]],
  [1, 'spec.clusterIP is set to None, so there is no virtual IP and DNS returns the pod IPs', [1, 2]],
  [1, 'The cluster IP is None. A lookup gives all pod addresses.', [1, 2]],
  [1, "It doesn't have a cluster IP of its own", [2]],
  [1, 'it has None as its clusterIP, dns answers with each pod directly', [1, 2]],
  [1, 'its cluster ip is none, and dns gives the pods', [1, 2]],
  [1, 'dns gives the pods a name', []],
  [1, 'no load balancing, you get A records of the pods', [2]],
  [2, 'so every pod gets its own stable DNS name', [1]],
  [2, 'It gives stable network identities; clients can connect to a specific pod', [1, 2]],
  [2, 'Because peers must find each other by name, e.g. pod-0.service', [1, 2]],
  [2, 'without it there would be no dns records per pod and you could not reach the primary', [1, 2]],
  [2, 'for pod-to-pod communication with predictable hostnames', [1, 2]],
  [2, 'for the names of the pods', [1]],
  [3, 'spec.serviceName', [1]],
  [3, 'the service name field', [1]],
  [4, '<volumeClaimTemplate name>-<statefulset name>-<ordinal>', [1, 2]],
  [4, 'template name, then set name, then the index', [1, 2]],
  [4, 'volume-claim template plus pod name', [1, 2]],
  [4, 'data-web-0, data-web-1', [1, 2]],
  [4, 'vctName-stsName-N', [1, 2]],
  [4, 'the name of the pvc template followed by the name of the pod', [1, 2]],
  [4, '{template}-{pod}', [1, 2]],
  [5, 'It is recreated with the same name and mounts the same PVC', [1, 2]],
  [5, 'A new pod comes back as itself, its volume is reattached', [1, 2]],
  [5, 'the controller creates it again; name, ordinal and dns stay, storage is kept', [1, 2]],
  [5, 'replacement keeps its identity and reuses the old claim', [1, 2]],
  [6, 'All pods are deleted but the PVCs remain', [1, 2]],
  [6, 'Pods terminate, claims are not deleted', [1, 2]],
  [6, 'the pods go away; storage is kept until you delete the claims by hand', [1, 2]],
  [6, 'it deletes the pods and leaves the volumes', [1, 2]],
  [7, 'They are kept and reused when scaling back up', [1, 2]],
  [7, 'nothing, they stay', [1]],
  [7, 'PVCs are not deleted automatically', [1]],
  [7, 'they remain bound, so that the pods get the same claim again', [1, 2]],
  [8, 'ascending, each waits for the previous to be Ready', [1, 2]],
  [8, '0, 1, 2', [1]],
  [8, 'sequentially from lowest ordinal, only after the one before is running and ready', [1, 2]],
  [8, '3 then 4', [1]],
  [9, 'in reverse order, one at a time', [1, 2]],
  [9, 'highest ordinal first, the next only when the previous is fully terminated', [1, 2]],
  [9, '4, 3, 2', [1]],
  [9, 'descending; waits until each is gone', [1, 2]],
  [
    10,
    'write a file with the hostname, delete the pod, check that the file is still there; the PVC has the same UID; the pod UID differs',
    [1, 2, 3],
  ],
  [10, 'echo a timestamp into a file before, compare it after; same pvc and volume name', [1, 2]],
  [10, 'the original content is unchanged', [1]],
  [10, 'kubectl get pvc shows the same volume, while it is a new pod', [2, 3]],
]

/** What somebody says who has it the wrong way round, or says nothing. */
const WRONG: readonly Case[] = [
  [1, 'it has a load balancer', []],
  [1, 'clusterIP is an address', []],
  [1, 'It runs on no node', []],
  [2, 'to balance the load', []],
  [2, 'because kubernetes refuses the set otherwise', []],
  [3, 'selector', []],
  [3, 'the label', []],
  [4, 'they are random', []],
  [4, 'by the storage class', []],
  [5, 'it is gone for ever', []],
  [5, 'a pod with a random name is created with an empty disk', []],
  [6, 'everything is deleted, including the data', []],
  [6, 'the controller waits', []],
  [7, 'they are deleted with their pods', []],
  [7, 'the data is lost', []],
  [8, 'all at once', []],
  [8, 'randomly', []],
  [8, 'from the highest to the lowest', []],
  [9, 'from the lowest number up', []],
  [9, 'all together', []],
  [9, 'in a random order', []],
  [10, 'I would look at the logs', []],
  [10, 'restart it', []],
]

describe('the design questions of section 3', () => {
  it('are ten, each with key points and a model answer that makes them all', () => {
    expect(lab?.questions).toHaveLength(10)
    for (const [index, { answer, points }] of (lab?.questions ?? []).entries())
      expect([index + 1, made(index + 1, answer)]).toEqual([index + 1, points.map((_, at) => at + 1)])
  })

  it.each(GOOD)('%i: "%s" makes points %j', (question, answer, points) => {
    expect(made(question, answer)).toEqual(points)
  })

  it.each(WRONG)('%i: "%s" makes none', (question, answer, points) => {
    expect(made(question, answer)).toEqual(points)
  })
})
