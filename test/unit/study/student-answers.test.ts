import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judgeAnswer } from '../../../src/lab/answer.ts'
import { parseStudy } from '../../../src/study/parse-study.ts'
import { questionsOf } from '../../../src/study/study.ts'

const folder = 'labs/study/quiz'
const { study } = parseStudy([
  ...readdirSync(folder).map((name) => ({
    name: `quiz/${name}`,
    text: readFileSync(`${folder}/${name}`, 'utf8'),
  })),
  ...readdirSync('labs/study/topics').map((name) => ({
    name: `topics/${name}`,
    text: readFileSync(`labs/study/topics/${name}`, 'utf8'),
  })),
])
const questions = new Map(questionsOf(study).map((question) => [question.id, question]))

/** Of each question that is answered freely: what somebody who knows might type, and somebody who does not. */
const ANSWERS: Readonly<
  Record<string, { readonly right: readonly string[]; readonly wrong: readonly string[] }>
> = {
  'delete-a-pod': {
    right: [
      'It is recreated with the same name and the same PVC, but a new IP',
      'a new pod gets the same name and reattaches its claim',
    ],
    wrong: ['it is gone for good', 'a new pod with a random name starts'],
  },
  'prove-same-storage': {
    right: [
      'write a file with a timestamp, only once, delete the pod and see that it is still the original date',
      'Put a random token on the volume before and check that the content is unchanged and the claim has the same uid',
    ],
    wrong: ['look at the pod', 'kubectl get pods shows the same name'],
  },
  'why-identity': {
    right: [
      'The other members know it by its name and its data is on its own volume',
      'it must rejoin the cluster with its old disk',
    ],
    wrong: ['because it is faster', 'so that kubectl can show it'],
  },
  'link-field': {
    right: ['serviceName', 'spec.serviceName', 'SERVICENAME:'],
    wrong: ['selector', 'service', 'metadata.name'],
  },
  'why-headless': {
    right: [
      'so each pod gets its own DNS name and you can reach a specific pod',
      'it gives every pod a stable name, so members find each other',
    ],
    wrong: ['to balance the load', 'because it is required by the API'],
  },
  'name-of-db-1': {
    right: ['db-1.db-svc.prod.svc.cluster.local', 'db-1.db-svc.prod.svc.cluster.local.', 'db-1.db-svc'],
    wrong: [
      'db-2.db-svc.prod.svc.cluster.local',
      'db-svc.db-1.prod.svc.cluster.local',
      'db-1.prod.svc.cluster.local',
    ],
  },
  'why-own-names': {
    right: [
      'replicas must connect to the primary',
      'writes go to the leader, so clients need to reach that one pod',
    ],
    wrong: ['for load balancing', 'it looks nicer'],
  },
  'not-ready-in-dns': {
    right: ['publishNotReadyAddresses: true', 'publishNotReadyAddresses'],
    wrong: ['readinessProbe', 'clusterIP: None'],
  },
  'claim-names': { right: ['data-web-1'], wrong: ['web-1-data', 'data-web-2', 'data-1'] },
  'five-two-none': { right: ['5', 'five', 'All 5'], wrong: ['2', '0', 'none'] },
  'why-keep-claims': {
    right: [
      'you could lose data by accident and never get it back',
      'a typo would destroy the data, and there is no undo',
    ],
    wrong: ['it would be slow', 'nothing'],
  },
  'one-claim-in-deployment': { right: ['1', 'one', 'just one'], wrong: ['3', 'three'] },
  'order-up': {
    right: [
      'ascending, each waits until the previous one is ready',
      'sequentially 0, 1, 2; the one before must be Running and Ready',
    ],
    wrong: ['all at once', 'from the highest number down', 'random'],
  },
  'order-down': {
    right: ['reverse order, waiting until the higher one has terminated', 'highest first, one at a time'],
    wrong: ['all at once', 'from 0 upwards', 'random'],
  },
  'no-order-needed': {
    right: ['podManagementPolicy: Parallel', 'spec.podManagementPolicy=Parallel', 'Parallel'],
    wrong: ['OrderedReady', 'updateStrategy: OnDelete', 'podManagementPolicy'],
  },
  'why-one-by-one': {
    right: [
      'the first one becomes the leader and the others join it; at once there could be a split brain',
      'replicas depend on the primary, otherwise each might start its own cluster',
    ],
    wrong: ['to save memory', 'because the scheduler is slow'],
  },
  'mongodb-update': {
    right: ['4, 3, 2, 1, 0', '4 3 2 1 0', '4->3->2->1->0', '43210'],
    wrong: ['0, 1, 2, 3, 4', '4, 3, 2, 1', '0'],
  },
  'why-update-reverse': {
    right: [
      'the primary is usually pod 0, and if the new version fails the rest still run the old one',
      'replicas first; if it is broken it stops before the important ones',
    ],
    wrong: ['because it is alphabetical', 'it is faster'],
  },
  'swap-test': {
    right: [
      'if pods need their own storage, a stable name or ordering',
      'whether each has its own data and identity, and whether any pod can be replaced by another',
    ],
    wrong: ['whether it is a database', 'by the size of the cluster'],
  },
  'four-members': { right: ['1', 'one', 'still one'], wrong: ['2', 'two', '0'] },
  'ordinal-in-init': {
    right: [
      'an init container reads the ordinal from the hostname',
      'a script looks at the pod name and picks the config',
    ],
    wrong: ['with a second StatefulSet', 'by its labels'],
  },
  'backup-of-a-set': {
    right: [
      'if data is deleted or corrupted the claim has that too; take a snapshot or a dump',
      'a wrong DELETE is on the disk as well. A copy elsewhere is a backup',
    ],
    wrong: ['it is one', 'because claims are small'],
  },
  'what-operators-add': {
    right: [
      'application specific knowledge: failover, backups, upgrades',
      'a controller that knows the database and promotes a replica',
    ],
    wrong: ['a nicer dashboard', 'more disks'],
  },
  'endpoints-without-names': {
    right: ['serviceName', 'spec.serviceName', "the set's serviceName"],
    wrong: ['selector', 'clusterIP'],
  },
  'slow-terminating': {
    right: [
      'the process ignores SIGTERM and gets killed after the grace period; use exec',
      'a shell is pid 1 and does not forward the signal: add a trap',
    ],
    wrong: ['the disk is slow', 'the network'],
  },
}

describe('the answer of a student', () => {
  it('is looked for in every question without choices', () => {
    const free = [...questions.values()].filter(({ choices }) => choices.length === 0).map(({ id }) => id)
    expect(Object.keys(ANSWERS).sort()).toEqual(free.sort())
  })

  it.each(Object.entries(ANSWERS))(
    'to %s is right when it says it in other words, and wrong when it does not',
    (id, { right, wrong }) => {
      const question = questions.get(id)
      if (question === undefined) throw new Error(`there is no question ${id}`)
      const judged = (answer: string) => {
        const { right: isRight, missed } = judgeAnswer(question, answer)
        return `${isRight}: ${answer}${isRight === false && right.includes(answer) ? ` (missed: ${missed.join(', ')})` : ''}`
      }
      expect(right.map(judged)).toEqual(right.map((answer) => `true: ${answer}`))
      expect(wrong.map(judged)).toEqual(wrong.map((answer) => `false: ${answer}`))
    },
  )
})
