/** What may follow the name of a benchmark. */
export interface Options {
  /** File for the report as JSON. */
  readonly json: string | null;
  readonly quick: boolean;
  /** Use the graphics adapters of this machine instead of software ones. */
  readonly hardware: boolean;
}

/** Reads the arguments; a sentence where they make no sense. */
export function readOptions(args: readonly string[]): Options | string {
  let json: string | null = null;
  let quick = false;
  let hardware = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--quick') quick = true;
    else if (arg === '--hardware') hardware = true;
    else if (arg === '--json') {
      const file = args[++i];
      if (file === undefined || file.startsWith('--')) return '--json needs the name of a file';
      json = file;
    } else return `${arg} is not an option`;
  }
  return { json, quick, hardware };
}
