import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/errors.ts'
import { watchInterrupts } from '../../../src/host/interrupt.ts'

function aProcess() {
  const process = new EventEmitter()
  const said: string[] = []
  const exits: number[] = []
  const interrupts = watchInterrupts({
    process,
    err: (text) => said.push(text),
    exit: (code) => exits.push(code),
  })
  return { process, said, exits, ...interrupts }
}

describe('an interrupt', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'by %s aborts with the reason, and does not end the process',
    (name) => {
      const { process, signal, said, exits } = aProcess()
      expect(signal.aborted).toBe(false)
      process.emit(name)
      expect(signal.reason).toBeInstanceOf(LabError)
      expect(signal.reason).toMatchObject({ kind: 'interrupted' })
      expect([said, exits]).toEqual([[], []])
    },
  )

  it('repeated says that clean-up is under way; a third leaves with 130', () => {
    const { process, said, exits } = aProcess()
    process.emit('SIGINT')
    process.emit('SIGINT')
    expect(said).toEqual(['still cleaning up; press again to leave at once\n'])
    expect(exits).toEqual([])
    process.emit('SIGTERM')
    expect(exits).toEqual([130])
  })

  it('is nobody’s business after dispose', () => {
    const { process, signal, dispose } = aProcess()
    dispose()
    process.emit('SIGINT')
    expect(signal.aborted).toBe(false)
    expect(process.listenerCount('SIGTERM')).toBe(0)
  })
})
