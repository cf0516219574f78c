import { describe, expect, it } from 'vitest'
import { changed, judge, SERVICE, SET } from './section2-files.ts'

describe('a mistake in the YAML', () => {
  it.each([
    ['a tab', SERVICE, '  clusterIP:', '\tclusterIP:', 10, 1, /a tab here/],
    [
      'a line too far left',
      SERVICE,
      '  selector:',
      ' selector:',
      11,
      2,
      /line 10 begins in column 3, this one in column 2/,
    ],
    [
      'a line too far right',
      SERVICE,
      '  selector:',
      '   selector:',
      11,
      4,
      /same block begin in the same column/,
    ],
    [
      'a line deeper than a value',
      SERVICE,
      '      name: http',
      '        name: http',
      15,
      9,
      /begin it in column 7/,
    ],
    [
      'a key beside its item',
      SERVICE,
      '      name: http',
      '     name: http',
      15,
      6,
      /list item of line 14.*column 7/,
    ],
    ['an open double quote', SET, 'Name: web-headless', 'Name: "web-headless', 10, 16, /quote " is opened/],
    ['an open single quote', SET, 'Name: web-headless', "Name: 'web-headless", 10, 16, /quote ' is opened/],
    ['an open list', SET, '[ReadWriteOnce]', '[ReadWriteOnce', 53, 22, /with \[ is not closed with \]/],
    [
      'a key twice',
      SERVICE,
      '  selector:',
      '  clusterIP: None\n  selector:',
      11,
      3,
      /"clusterIP" stands in line 10/,
    ],
    [
      'no space after a colon',
      SET,
      'replicas: 3',
      'replicas:3',
      11,
      12,
      /space after the colon: "replicas: 3"/,
    ],
    ['no space in an item', SET, 'containerPort: 80', 'containerPort:80', 24, 29, /"containerPort: 80"/],
    ['no colon', SET, 'replicas: 3', 'replicas 3', 11, 3, /a colon is missing/],
    ['no space after a dash', SERVICE, '- port: 80', '-port: 80', 14, 5, /space after the dash/],
    ['two colons', SERVICE, 'app: web', 'app: web: x', 12, 13, /second colon/],
    ['a reserved character', SERVICE, 'app: web', 'app: @web', 12, 10, /cannot begin with @/],
    ['an alias of nothing', SERVICE, 'app: web', 'app: *web', 12, 10, /alias/],
    ['a second document', SERVICE, '  selector:', '---\n  selector:', 11, 1, /second document/],
  ])('is shown where it was made: %s', (_slip, file, from, to, line, column, message) => {
    const { mistake, blanks, right } = judge(file, changed(file, from, to))
    expect(mistake?.message).toMatch(message)
    expect(mistake).toMatchObject({ line, column })
    expect(changed(file, from, to).split('\n')[line - 1]).toBe(mistake?.text)
    expect({ blanks, right }).toEqual({ blanks: [], right: false })
  })

  it('is that nothing is left of the file', () => {
    expect(judge(SERVICE, '').mistake?.message).toContain('no manifest any more')
  })
})
