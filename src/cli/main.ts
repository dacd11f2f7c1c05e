import { auditCommand } from './audit.ts';

const USAGE = `usage: npm run -s cli -- audit --examples E.csv --predictions P.csv --out audit.json`;

function main(args: readonly string[]): number {
  const [command, ...rest] = args;
  switch (command) {
    case 'audit':
      return auditCommand(rest);
    default:
      process.stderr.write(`${USAGE}\n`);
      return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
