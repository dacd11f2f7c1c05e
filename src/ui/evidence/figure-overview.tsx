import { LinkButton } from '#ui/kit/button.tsx';
import { count, counted } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import { anewWords } from './change-words.ts';
import { chanceOf } from './chance.ts';
import { Figure } from './figure.tsx';
import { cieSentence } from './finding-sentences.ts';
import { opening } from './links.ts';
import type { LevelPlace } from './levels.ts';
import { AccuracyPlot } from './overview-accuracy.tsx';
import { CountPlot } from './overview-count.tsx';
import { overviewTable } from './overview-table.tsx';
import { HOOKER_TABLE_1 } from './papers.ts';
import type { EvidenceView } from './view.ts';

/** Figure 1: accuracy hardly moves while the number of changed labels grows (Hooker et al., table 1). */
export function OverviewFigure({ view }: { readonly view: EvidenceView }) {
  const { audit, places, noun } = view;
  const inside = places.filter(({ comparison }) => chanceOf(audit, comparison).verdict === 'within');
  const remark = insideText(inside);
  return (
    <Figure
      view={view}
      no={1}
      name="accuracy and changed labels by level"
      everyLevel
      papers={[HOOKER_TABLE_1]}
      claim={overviewClaim(view)}
      remarks={
        <>
          <p className="small">
            At {levelText(view.comparison.level)}, {cieSentence(view)}
          </p>
          {remark === '' ? null : <p className="small">{remark}</p>}
        </>
      }
      more={
        <LinkButton onClick={opening({ level: view.comparison.level, threshold: 'modal-cie', beside: true }).onOpen}>
          See them beside unchanged {noun[1]} of their class
        </LinkButton>
      }
      how={`Above: the share of labels that members get right, averaged over members. Below: the ${noun[1]} whose most frequent label differs between the baseline and a level. Whiskers are 95 % intervals, ${anewWords('both', noun)}. The grey band is what two random halves of the baseline show against each other, again and again: chance alone.`}
      table={overviewTable(view)}
    >
      <div>
        <AccuracyPlot view={view} />
        <CountPlot view={view} />
      </div>
    </Figure>
  );
}

/** The claim of the figure in the numbers of this audit. */
export function overviewClaim({ audit, places, noun }: EvidenceView): string {
  const counts = places.map(({ comparison }) => comparison.modalCie.indices.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const base = audit.baseline.top1.both.value ?? 0;
  const drops = places.map(({ comparison }) => base - (comparison.population.top1.both.value ?? base));
  const drop = 100 * Math.max(...drops);
  if (most === 0) return `No ${noun[0]} changes its label at any level.`;
  const accuracy = drop < 0.05 ? 'Accuracy does not fall' : `Accuracy falls by at most ${drop.toFixed(1)} points`;
  return least === most
    ? `${accuracy}, while ${counted(most, noun)} ${most === 1 ? 'changes its label' : 'change their label'}.`
    : `${accuracy}, while between ${count(least)} and ${counted(most, noun)} change their label.`;
}

function insideText(inside: readonly LevelPlace[]): string {
  if (inside.length === 0) return '';
  const names = inside.map(({ comparison }) => levelText(comparison.level)).join(', ');
  return `Within what chance gives, in equal halves: ${names}. What changed there cannot be told from training again with other seeds.`;
}
