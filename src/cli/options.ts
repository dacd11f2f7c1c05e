import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '#lib/result.ts';
import { quoted } from '#sources/formats/refusal.ts';

/** A refusal of what was typed. */
export const badOption = (sentence: string): Result<never> => fail('arguments', sentence);

export interface Options<N extends string> {
  readonly values: Readonly<Partial<Record<N, string>>>;
  /** What stands without a name. */
  readonly rest: readonly string[];
}

/** Options that all take a text: `--name text`. Anything else that begins with a dash is refused, and so is `rest` unless allowed. */
export function readOptions<N extends string>(
  args: readonly string[],
  names: readonly N[],
  allowRest = false,
): Result<Options<N>> {
  try {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, text])),
      allowPositionals: allowRest,
    });
    return ok({ values: values as Options<N>['values'], rest: positionals });
  } catch (error) {
    return badOption(error instanceof Error ? (error.message.split(/[\r\n]|\. /u)[0] ?? '') : String(error));
  }
}

/** A whole number from `least` to `most`. */
export function wholeNumber(name: string, text: string, least: number, most: number): Result<number> {
  const value = Number(text);
  if (/^\d+$/u.test(text) && value >= least && value <= most) return ok(value);
  return badOption(`--${name} is ${quoted(text)}, expected a whole number from ${String(least)} to ${String(most)}`);
}

/** Names between commas, without space around them; undefined where the option is not given. */
export function nameList(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
