import { memo, type CSSProperties } from 'react';
import type { Estimate } from '#audit/result.ts';
import type { LevelProgress, MemberCell } from '#store/state.ts';
import { count, percent, percentNumber } from '#ui/kit/format.ts';
import { Term } from '#ui/kit/term.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { CieScale } from './cie-scale.tsx';

interface PopulationGridProps {
  readonly levels: readonly LevelProgress[];
  readonly chance: Estimate | null;
  readonly members: number;
}

/** Up to this many cells stand side by side; more are spread over the width. */
const FEW = 20;
const isMade = (level: string): boolean => /^(hybrid|fixed)-int[842]$/u.test(level);

function cellClass(cell: MemberCell, level: string): string {
  switch (cell.state) {
    case 'waiting':
      return isMade(level) ? 'qm' : 'q';
    case 'training':
      return 't';
    case 'diverged':
    case 'failed':
      return 'x';
    case 'done':
      return isMade(level) ? 'm' : '';
    default:
      return cell.state satisfies never;
  }
}

function cellsText({ level, cells, done }: LevelProgress): string {
  const training = cells.filter((cell) => cell.state === 'training');
  const lost = cells.filter((cell) => cell.state === 'failed' || cell.state === 'diverged').length;
  const parts = [`${levelText(level)}: ${String(done)} of ${String(cells.length)} members done`];
  if (training.length > 0) {
    parts.push(
      `in training at ${training.map((cell) => `${String(Math.round(100 * cell.progress))} percent`).join(', ')}`,
    );
  }
  if (lost > 0) parts.push(`${String(lost)} left out`);
  return parts.join(', ');
}

/** A cell a member, a row a level: circles are the baseline, squares the compressed, frames are made from the baseline. */
export function PopulationGrid({ levels, chance, members }: PopulationGridProps) {
  const ends = levels.flatMap(({ cie, cieOfHalves }) => [cieOfHalves?.high, cie?.high, cie?.value]);
  const most = Math.max(10, chance?.high ?? 0, ...ends.map((end) => end ?? 0));
  return (
    <section aria-label="Populations">
      <div className="grid-head">
        <span>
          Level <span className="ci">done</span>
        </span>
        <span>{members} members, one cell each</span>
        <span className="hide-sm">Accuracy</span>
        <span className="cie-head">
          <Term of="cie">CIE</Term> so far, log scale <span className="ci">with 95 % interval</span>
        </span>
      </div>
      {levels.map((level) => (
        <Row key={level.level} level={level} chance={chance} most={most} />
      ))}
    </section>
  );
}

/** A row is drawn again only where something on it can be seen to have moved. */
const Row = memo(LevelRow, (before, after) => {
  const [a, b] = [before.level, after.level];
  const isSameCell = (cell: MemberCell, i: number): boolean => {
    const other = b.cells[i];
    return cell.state === other?.state && Math.round(50 * cell.progress) === Math.round(50 * other.progress);
  };
  return (
    a.done === b.done &&
    a.cie === b.cie &&
    a.cieOfHalves === b.cieOfHalves &&
    before.chance === after.chance &&
    before.most === after.most &&
    a.cells.length === b.cells.length &&
    a.cells.every(isSameCell)
  );
});

function LevelRow({
  level,
  chance,
  most,
}: {
  readonly level: LevelProgress;
  readonly chance: Estimate | null;
  readonly most: number;
}) {
  const isBaseline = level.level === 'baseline';
  const training = level.cells.filter((cell) => cell.state === 'training').length;
  const shown = isBaseline ? chance : level.cie;
  const { accuracy } = level;
  return (
    <div className="pop-row">
      <span>
        <b className="level-name">{levelText(level.level)}</b>{' '}
        <span className="ci">
          {level.done}
          {training > 0 ? ` + ${String(training)}` : ''}
        </span>
      </span>
      <div
        className={`cells${isBaseline ? ' base' : ''}${level.cells.length > FEW ? ' many' : ''}`}
        role="img"
        aria-label={cellsText(level)}
      >
        {level.cells.map((cell, i) => (
          <i
            key={i}
            className={cellClass(cell, level.level)}
            style={{ '--p': `${String(100 * cell.progress)}%` } as CSSProperties}
          />
        ))}
      </div>
      <span className="hide-sm">
        {accuracy.value === null ? '' : percent(accuracy.value)}
        {accuracy.value === null || accuracy.high === null ? null : (
          <span className="ci"> ± {percentNumber(accuracy.high - accuracy.value)}</span>
        )}
      </span>
      <span className="cie">
        {isBaseline ? (
          <span className="ci">{chance === null ? '' : 'seed noise alone'}</span>
        ) : level.cie === null ? (
          <span />
        ) : (
          <CieScale
            cie={level.cieOfHalves ?? level.cie}
            chance={level.cieOfHalves === null ? null : chance}
            most={most}
          />
        )}
        <b>{shown?.value === null || shown === null ? '' : count(shown.value)}</b>
        <span className="ci">
          {shown === null || shown.low === null || shown.high === null
            ? ''
            : `${count(Math.max(0, shown.low))}–${count(shown.high)}`}
        </span>
      </span>
    </div>
  );
}

/** What the cells mean. */
export function GridLegend() {
  return (
    <div className="leg">
      <span>
        <i className="base-dot" />
        baseline, trained
      </span>
      <span>
        <i />
        compressed, trained
      </span>
      <span>
        <i className="t" />
        training now
      </span>
      <span>
        <i className="x" />
        left out
      </span>
      <span>
        <i className="m" />
        made from the baseline
      </span>
      <span>
        <i className="q" />
        waiting
      </span>
      <span className="leg-last">
        <i className="noise" />
        what seed noise alone gives, halves of a population against each other
      </span>
    </div>
  );
}
