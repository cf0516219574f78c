import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { forgetTypedAhead } from '../../../src/cli/typed-ahead.ts'

/** Hands out what was typed once it is read. */
class KeyboardWith extends EventEmitter {
  readonly isTTY: boolean
  readonly did: string[] = []
  #kept: string
  constructor(kept: string, isTTY = true) {
    super()
    this.#kept = kept
    this.isTTY = isTTY
  }
  setRawMode(raw: boolean): void {
    this.did.push(raw ? 'raw' : 'cooked')
  }
  resume(): void {
    const kept = this.#kept
    this.#kept = ''
    setImmediate(() => this.emit('data', kept))
  }
  pause(): void {
    this.did.push(`${this.#kept.length} left`)
  }
}

it('forgets what was typed before, and leaves the keyboard as it was', async () => {
  const keyboard = new KeyboardWith('\n\nq')
  await forgetTypedAhead(keyboard)
  expect(keyboard.did).toEqual(['raw', '0 left', 'cooked'])
  expect(keyboard.listenerCount('data')).toBe(0)
})

it('takes Ctrl-C seriously', async () => {
  await expect(forgetTypedAhead(new KeyboardWith('\n\u0003'))).rejects.toMatchObject({ code: 'interrupted' })
})

it('leaves alone what is piped in: that is an answer', async () => {
  const keyboard = new KeyboardWith('yes\n', false)
  await forgetTypedAhead(keyboard)
  expect(keyboard.did).toEqual([])
})
