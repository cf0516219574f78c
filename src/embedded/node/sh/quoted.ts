/** As a shell reads it back. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`
