import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions } from 'yaml'

/** Tags of YAML 1.1 that kubectl's parser does not know: a date stays the text it is. */
const NOT_KUBECTL = /:(timestamp|binary|omap|pairs|set)$/

/** 0o644, of YAML 1.2: kubectl knows it beside 1.1's 0644. */
const OCTAL: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7]+$/,
  resolve: (text) => Number.parseInt(text.replace('0o', ''), 8),
}

/** Reads YAML as kubectl does: YAML 1.1 (`0644` is 420, `yes` is true), without dates. */
export const KUBECTL_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: 'yaml-1.1',
  customTags: (tags) => [
    OCTAL,
    ...tags.filter((tag) => typeof tag === 'string' || (!NOT_KUBECTL.test(tag.tag) && tag.format !== 'TIME')),
  ],
}
