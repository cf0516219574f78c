import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readIfExists } from '../../src/host/files.ts'
import { createFile, replaceFile, watchFolder } from '../../src/host/student-files.ts'
import type { StudentFolder } from '../../src/run/fill-tools.ts'
import { type Answer, ScriptedConversation } from '../helpers/scripted-conversation.ts'
import { runCli } from './support/cluster.ts'
import { inNamespace } from './support/namespace.ts'
import { manifestText, playLab } from './support/play-lab.ts'

describe('sts-lab start section2 --yes', () => {
  const namespace = inNamespace('section2')

  it('fills the blanks with our solution, runs every part to its checkpoint, and leaves no files', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
    try {
      const flags = ['section2', '--namespace', namespace.name, '--folder', path.join(home, 'mine')]
      const run = await runCli(['start', ...flags, '--yes'], { env: { STS_LAB_HOME: home } })
      expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0)
      expect(readdirSync(home)).toEqual(['progress'])
    } finally {
      rmSync(home, { recursive: true })
    }
  })
})

describe('a student with an editor', () => {
  const namespace = inNamespace('filling')

  it('is told what is wrong, is refused by the API server at a line of the file, and comes through', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-student-'))
    try {
      const service = path.join(folder, 'headless-service.yaml')
      // Saved as an editor does: what is typed last stands for the whole file.
      const save = (text: string): Answer => ({ elsewhere: () => writeFileSync(service, text) })
      const right = (await template('headless-service.yaml', namespace.name))
        .replace(/clusterIP: _+/, "clusterIP: 'None'")
        .replace(/app: _+/, 'app: shop')
        .replace(/name: _+/, 'name: "http"')
      const answers = [
        save(right.replace("'None'", 'none')),
        save(right.replace('  selector:', '\tselector:')),
        save(right.replace('port: 80', 'port: 80\n      portt: 81')),
        save(right),
        'q', // the set
      ]
      const conversation = new ScriptedConversation(answers)
      const { code } = await playLab('section2', namespace.name, conversation, { student: folderOf(folder) })
      expect(code).toBe(0)
      const told = conversation.told.flatMap((message) => {
        if (message.say === 'refused') return [`refused ${message.text.split(':').slice(1, 3).join(':')}`]
        if (message.say !== 'filled') return []
        const { mistake, right: count } = message
        return [
          mistake === null ? `${count} right` : `line ${mistake.line}: ${mistake.message.split(':')[0]}`,
        ]
      })
      expect(told.slice(0, 6)).toEqual([
        '0 right',
        '2 right',
        'line 11: there is a tab here',
        '3 right',
        'refused 15:7',
        '0 right',
      ])
      expect(conversation.verdicts()).toContain('service/service-headless: pass')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

const template = async (file: string, namespace: string): Promise<string> =>
  (await manifestText(`section2/${file}`)).replaceAll('statefulset-lab', namespace)

/** As the command line gives it to a lab, without a command line. */
const folderOf = (folder: string): StudentFolder => {
  const at = (file: string): string => path.join(folder, file)
  return {
    path: folder,
    shown: 'mine',
    read: (file) => readIfExists(at(file)),
    create: (file, text) => createFile(at(file), text),
    replace: (file, text) => replaceFile(at(file), text),
    watch: (changed, ended) => watchFolder(folder, changed, ended),
  }
}
