import type { RefObject } from 'react';
import { useState } from 'react';
import { fileName, saveFile } from '#store/save-file.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { levelTitle } from '#ui/kit/levels.ts';
import type { FigureTable } from './figure-table.tsx';
import { pngOf, svgOf } from './picture.ts';
import { tableCsv } from './table-csv.ts';

/** How long the page may work at a time. */
const TURN_MS = 8;

/** All pieces, made between frames: a table of every level may have tens of thousands of rows. */
async function inTurns(pieces: Iterable<string>): Promise<string> {
  const made: string[] = [];
  let end = performance.now() + TURN_MS;
  for (const piece of pieces) {
    made.push(piece);
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    end = performance.now() + TURN_MS;
  }
  return made.join('');
}

interface SaveFigureProps {
  /** What is saved, as a person calls it: "figure 2, change of groups". */
  readonly name: string;
  /** The audit it belongs to. */
  readonly audit: string;
  /** The level it is of; null where it is of all levels. */
  readonly level: string | null;
  readonly table: FigureTable;
  /** Where the plots are, and the claim above them; absent where there is only a table. */
  readonly plots?: { readonly figure: RefObject<HTMLElement | null>; readonly claim: string };
}

/** Saves a figure as SVG, PNG and CSV. The names of the files say audit, figure and level. */
export function SaveFigure({ name, audit, level, table, plots }: SaveFigureProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const of = level ?? 'every-level';
  const file = (ending: string): string =>
    `${fileName(audit, '')}_${fileName(name, '')}_${of.replace(/[^a-z\d.]+/giu, '-')}${ending}`;
  const svg = (): string => {
    if (plots?.figure.current == null) throw new Error('There is no plot to save.');
    return svgOf(plots.figure.current, {
      claim: plots.claim,
      source: `${audit}: ${name}, ${level === null ? 'every level' : levelTitle(level)}. Made with Longtail.`,
    });
  };
  const tried = (save: () => void | Promise<void>) => async () => {
    setProblem(null);
    try {
      await save();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const button = (kind: string, save: () => void | Promise<void>) => (
    <LinkButton label={`Save ${name} as ${kind}`} onClick={() => void tried(save)()}>
      {kind}
    </LinkButton>
  );
  return (
    <span className="save-figure" role="group" aria-label={`Save ${name}`}>
      <span>Save as</span>
      {plots === undefined ? null : (
        <>
          {button('SVG', () => saveFile(file('.svg'), svg(), 'image/svg+xml'))}
          {button('PNG', async () => saveFile(file('.png'), await pngOf(svg()), 'image/png'))}
        </>
      )}
      {button('CSV', async () => saveFile(file('.csv'), await inTurns(tableCsv(table)), 'text/csv'))}
      {problem === null ? null : <span role="alert">{problem}</span>}
    </span>
  );
}
