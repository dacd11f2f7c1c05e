import { readOptions, type Options } from './options.ts';

/** A benchmark: prints its tables to standard output, its progress to standard error, and writes `--json`. */
type Command = (options: Options) => Promise<void>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import('./node/train-command.ts')).trainCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  gpu: async () => (await import('./node/gpu-command.ts')).gpuCommand,
  gallery: async () => (await import('./gallery.ts')).galleryCommand,
};

const USAGE = `usage: npm run bench -- ${Object.keys(COMMANDS).join('|')} [--json FILE] [--quick] [--hardware]`;

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined || typeof options === 'string') {
    process.stderr.write(`${typeof options === 'string' ? `${options}\n` : ''}${USAGE}\n`);
    return 2;
  }
  try {
    const command = await load();
    await command(options);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
