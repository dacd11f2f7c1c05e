import { auditCommand } from './audit.ts';
import { mergeCommand } from './merge-command.ts';
import { planCommand } from './plan-command.ts';
import { predictCommand } from './predict-command.ts';
import { runCommand } from './run-command.ts';

const USAGE = `usage: npm run -s cli -- plan  --data PATH --out plan.json [--preset one-minute|class-hour|paper] [--target NAME] [--positive LABEL] [--attributes A,B]
       npm run -s cli -- run   --plan plan.json --data PATH --out DIR [--member-range A..B] [--workers N] [--backend simd|reference] [--weights all|LEVEL,...] [--weights-form dense|compressed|tfjs]
       npm run -s cli -- merge --out DIR PART1 PART2 ...
       npm run -s cli -- predict --weights FILE|FOLDER --data PATH --out predictions.csv
       npm run -s cli -- audit --examples E.csv --predictions P.csv --out audit.json
PATH is builtin:faces, builtin:faces?faces=N, builtin:handwriting, builtin:compas, a zip or a folder of images with a CSV, or
a CSV table; of one's own files also --label-column, --split-column, --attribute-columns, --input-columns, --image-column,
--image-size. More in docs/command-line.md.`;

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'plan':
      return planCommand(rest);
    case 'run':
      return runCommand(rest);
    case 'merge':
      return mergeCommand(rest);
    case 'predict':
      return predictCommand(rest);
    case 'audit':
      return auditCommand(rest);
    default:
      process.stderr.write(`${USAGE}\n`);
      return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
