import { describe, expect, it } from 'vitest'
import { aliveAt, livesOf, livesOfSet } from '../../../src/timeline/lives.ts'
import { SET_UID } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { Script } from '../../helpers/script.ts'

describe('a life', () => {
  it('has the positions of added, first ready, terminating and gone', () => {
    const { observations } = new Script()
      .pod(1, 'added')
      .pod(1, 'modified', { ready: true })
      .pod(1, 'modified', { ready: false })
      .pod(1, 'modified', { ready: true })
      .pod(1, 'modified', { terminating: true })
      .pod(1, 'deleted')
    expect(livesOf(observations)).toMatchObject([
      {
        pod: 'web-1',
        ordinal: 1,
        added: 1,
        listed: null,
        firstReady: 2,
        terminating: 5,
        gone: 6,
        vanished: null,
      },
    ])
  })

  it('is not made ready by a pod that is Ready while it terminates', () => {
    const { observations } = new Script()
      .pod(1, 'added')
      .pod(1, 'modified', { ready: true, terminating: true })
    expect(livesOf(observations)).toMatchObject([{ firstReady: null, terminating: 2 }])
  })

  it('is not made ready by what DELETED says about its last state', () => {
    const { observations } = new Script().pod(1, 'added').pod(1, 'deleted', { ready: true })
    expect(livesOf(observations)).toMatchObject([{ firstReady: null, gone: 2 }])
  })

  it('that is deleted at once terminates where it is gone', () => {
    const { observations } = new Script().pod(1, 'added').pod(1, 'deleted')
    expect(livesOf(observations)).toMatchObject([{ terminating: 2, gone: 2 }])
  })

  it('that was listed has no position of creation, and may have been ready long before', () => {
    const { observations } = new Script().pod(0, 'listed', { ready: true })
    expect(livesOf(observations)).toMatchObject([
      { added: null, listed: 1, firstReady: 1, readyWhenListed: true },
    ])
  })

  it('that vanished in a gap is not gone, and has no position of terminating', () => {
    const { observations } = new Script().pod(0, 'listed').gap('pods').pod(0, 'vanished')
    expect(livesOf(observations)).toMatchObject([{ gone: null, vanished: 3, terminating: null }])
    expect(livesOf(observations).map((life) => [2, 3].map((seq) => aliveAt(life, seq)))).toEqual([
      [true, false],
    ])
  })
})

describe('the lives of a set', () => {
  it('are one per UID, by number and then by time', () => {
    const lives = livesOfSet(perfectPass(), SET_UID)
    expect(lives.map((life) => life.uid)).toEqual([
      'web-0#1',
      'web-0#2',
      'web-1#1',
      'web-1#2',
      'web-1#3',
      'web-2#1',
      'web-2#2',
      'web-3#1',
      'web-4#1',
    ])
  })

  it('include a pod that was orphaned on its way', () => {
    const { observations } = new Script().pod(0, 'added').pod(0, 'modified', { controller: null })
    expect(livesOfSet(observations, SET_UID).map((life) => life.pod)).toEqual(['web-0'])
  })
})
