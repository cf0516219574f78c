import type { Client } from '../../client.ts'
import type { Mutable } from '../../object.ts'
import type { PersistentVolumeClaim } from '../../shapes.ts'
import { keyOf } from '../../store/store.ts'
import type { Objects } from '../objects.ts'
import { bestVolume } from './matching.ts'
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  CLAIMS,
  isBound,
  isFor,
  type PersistentVolume,
  PROVISIONED_BY,
  PROVISIONER,
  PROVISIONER_BEFORE,
  SELECTED_NODE,
  type StorageClass,
  VOLUMES,
} from './persistent-volume.ts'
import { PROVISIONERS } from './provisioners.ts'

const NO_VOLUME = 'no persistent volumes available for this claim and no storage class is set'
const NO_CONSUMER = 'waiting for first consumer to be created before binding'

/** What is done about one claim, or one volume, when something about it has changed. */
export class Binder {
  readonly #client: Client
  readonly #claims: Objects<PersistentVolumeClaim>
  readonly #volumes: Objects<PersistentVolume>
  readonly #classes: Objects<StorageClass>
  readonly #makeLater: (claimKey: string) => void

  constructor(
    client: Client,
    claims: Objects<PersistentVolumeClaim>,
    volumes: Objects<PersistentVolume>,
    classes: Objects<StorageClass>,
    makeLater: (claimKey: string) => void,
  ) {
    this.#client = client
    this.#claims = claims
    this.#volumes = volumes
    this.#classes = classes
    this.#makeLater = makeLater
  }

  syncClaim(claim: PersistentVolumeClaim): void {
    if (isBound(claim)) {
      this.#checkBound(claim)
      return
    }
    const volume = this.#volumeFor(claim)
    if (volume !== null) this.#bind(claim, volume)
    // Who names a volume wants that one.
    else if ((claim.spec.volumeName ?? '') === '') this.#waitFor(claim)
  }

  #volumeFor(claim: PersistentVolumeClaim): PersistentVolume | null {
    const named = claim.spec.volumeName ?? ''
    if (named !== '') {
      const volume = this.#volumes.get(undefined, named)
      return volume !== null && (volume.spec.claimRef === undefined || isFor(volume, claim)) ? volume : null
    }
    const made = this.#volumes.get(undefined, volumeNameOf(claim))
    if (made !== null && isFor(made, claim)) return made
    const best = bestVolume(this.#volumes.all(), claim)
    return best !== null && (best.spec.claimRef !== undefined || !this.#awaitsConsumer(claim)) ? best : null
  }

  /** Its class binds when a pod has a node, and none has. */
  #awaitsConsumer({ metadata, spec }: PersistentVolumeClaim): boolean {
    const storageClass = this.#classes.get(undefined, spec.storageClassName ?? '')
    const late = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
    return late && metadata.annotations?.[SELECTED_NODE] === undefined
  }

  /** Says what a claim without a volume waits for, and asks for one where it can be made. */
  #waitFor(claim: PersistentVolumeClaim): void {
    const className = claim.spec.storageClassName ?? ''
    const storageClass = this.#classes.get(undefined, className)
    if (className === '') this.#say(claim, 'Normal', 'FailedBinding', NO_VOLUME)
    else if (storageClass === null) {
      const missing = `storageclass.storage.k8s.io "${className}" not found`
      this.#say(claim, 'Warning', 'ProvisioningFailed', missing)
    } else if (this.#awaitsConsumer(claim)) this.#say(claim, 'Normal', 'WaitForFirstConsumer', NO_CONSUMER)
    else if (claim.metadata.deletionTimestamp === undefined) this.#askProvisioner(claim, storageClass)
  }

  /** The annotations tell a provisioner outside that it is meant. */
  #askProvisioner(claim: PersistentVolumeClaim, { provisioner }: StorageClass): void {
    if (provisioner === 'kubernetes.io/no-provisioner') {
      this.#say(claim, 'Normal', 'FailedBinding', NO_VOLUME)
      return
    }
    if (claim.metadata.annotations?.[PROVISIONER] !== provisioner)
      this.#client.change<PersistentVolumeClaim>(CLAIMS, claim, (copy) => {
        copy.metadata.annotations = {
          ...copy.metadata.annotations,
          [PROVISIONER_BEFORE]: provisioner,
          [PROVISIONER]: provisioner,
        }
      })
    const known = PROVISIONERS.get(provisioner)
    if (known === undefined || !known.inTree)
      this.#say(
        claim,
        'Normal',
        'ExternalProvisioning',
        `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
      )
    if (known !== undefined) this.#makeLater(keyOf(claim.metadata.namespace, claim.metadata.name))
  }

  /** The provisioner's part: makes the volume, kept for the claim. */
  provision(claim: PersistentVolumeClaim): void {
    const { metadata, spec } = claim
    const storageClass = this.#classes.get(undefined, spec.storageClassName ?? '')
    const provisioner = PROVISIONERS.get(storageClass?.provisioner ?? '')
    const name = volumeNameOf(claim)
    const over = isBound(claim) || metadata.deletionTimestamp !== undefined
    if (over || storageClass === null || provisioner === undefined) return
    if (this.#volumes.get(undefined, name) !== null) return
    if (!provisioner.inTree) {
      const what = `volume for claim "${metadata.namespace}/${metadata.name}"`
      this.#say(claim, 'Normal', 'Provisioning', `External provisioner is provisioning ${what}`)
    }
    const refusal = provisioner.refusal(claim)
    if (refusal !== null) {
      const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${refusal}`
      this.#say(claim, 'Warning', 'ProvisioningFailed', message)
      return
    }
    const { annotations, source } = provisioner.volume(claim, metadata.annotations?.[SELECTED_NODE] ?? '')
    const by = storageClass.provisioner
    this.#client.create<PersistentVolume>(VOLUMES, {
      metadata: {
        name,
        annotations: {
          ...annotations,
          [PROVISIONED_BY]: by,
          ...(provisioner.inTree ? { [BOUND_BY_CONTROLLER]: 'yes' } : {}),
        },
      },
      spec: {
        capacity: { storage: spec.resources?.requests?.storage ?? '0' },
        accessModes: spec.accessModes ?? [],
        claimRef: referenceTo(claim),
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
        storageClassName: storageClass.metadata.name,
        volumeMode: spec.volumeMode ?? 'Filesystem',
        ...source,
      },
    })
    const using = provisioner.inTree ? ` using ${by}` : ''
    this.#say(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}${using}`)
    this.syncClaim(this.#claims.get(metadata.namespace, metadata.name) ?? claim)
  }

  /** The volume first: then nobody else can take it. */
  #bind(claim: PersistentVolumeClaim, volume: PersistentVolume): void {
    if (volume.spec.claimRef?.uid !== claim.metadata.uid)
      this.#client.change<PersistentVolume>(VOLUMES, volume, (copy) => {
        copy.spec.claimRef = referenceTo(claim)
        copy.metadata.annotations = { ...copy.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' }
      })
    this.#setPhase(volume, 'Bound')
    this.#client.change<PersistentVolumeClaim>(CLAIMS, claim, (copy) => {
      const byUs = (copy.spec.volumeName ?? '') === ''
      copy.spec.volumeName = volume.metadata.name
      copy.metadata.annotations = {
        ...copy.metadata.annotations,
        [BIND_COMPLETED]: 'yes',
        ...(byUs ? { [BOUND_BY_CONTROLLER]: 'yes' } : {}),
      }
    })
    this.#client.changeStatus<PersistentVolumeClaim>(CLAIMS, claim, (copy) => {
      copy.status = {
        phase: 'Bound',
        accessModes: [...(volume.spec.accessModes ?? [])],
        capacity: { storage: volume.spec.capacity?.storage ?? '0' },
      }
    })
  }

  #checkBound(claim: PersistentVolumeClaim): void {
    const volume = this.#volumes.get(undefined, claim.spec.volumeName ?? '')
    if (volume !== null && isFor(volume, claim)) return
    this.#client.changeStatus<PersistentVolumeClaim>(CLAIMS, claim, (copy) => {
      copy.status = { phase: 'Lost' }
    })
    this.#say(
      claim,
      'Warning',
      'ClaimLost',
      'Bound claim has lost its PersistentVolume. Any data on this volume is lost!',
    )
  }

  syncVolume(volume: PersistentVolume): void {
    const { claimRef, persistentVolumeReclaimPolicy: policy } = volume.spec
    // Without a uid it is kept for a claim that is yet to come.
    if (claimRef === undefined || (claimRef.uid ?? '') === '') {
      this.#setPhase(volume, 'Available')
      return
    }
    const claim = this.#claims.get(claimRef.namespace, claimRef.name ?? '')
    if (claim !== null && claim.metadata.uid === claimRef.uid) {
      if (claim.spec.volumeName === volume.metadata.name) this.#setPhase(volume, 'Bound')
      return
    }
    this.#setPhase(volume, 'Released')
    if (policy === 'Delete' && PROVISIONERS.has(volume.metadata.annotations?.[PROVISIONED_BY] ?? ''))
      this.#client.remove(VOLUMES, volume)
  }

  #setPhase(volume: PersistentVolume, phase: string): void {
    if (this.#volumes.get(undefined, volume.metadata.name)?.status?.phase === phase) return
    this.#client.changeStatus<PersistentVolume>(VOLUMES, volume, (copy) => {
      const status: Mutable<PersistentVolume>['status'] = { phase }
      copy.status = status
    })
  }

  #say(claim: PersistentVolumeClaim, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#client.record(claim, type, reason, message)
  }
}

const volumeNameOf = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`

const referenceTo = ({ metadata }: PersistentVolumeClaim) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid ?? '',
  resourceVersion: metadata.resourceVersion ?? '',
})
