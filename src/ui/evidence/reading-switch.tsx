import type { Reviewed } from '#audit/reviewed.ts';
import { useLabels } from '#store/labels.ts';
import { chooseReading, useReading } from '#store/reading.ts';
import { count, counted, list } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { Segmented } from '#ui/kit/segmented.tsx';
import type { Second } from '#ui/labels/use-second-reading.ts';
import type { ReadyEvidence } from './view.ts';

interface ReadingSwitchProps {
  readonly evidence: ReadyEvidence;
  readonly second: Second;
  /** Indices of the CIE of the level in hand. */
  readonly cies: Uint32Array;
  readonly noun: readonly [string, string];
}

/** Chooses between the data as delivered and as reviewed, and says what the second reading rests on. Nothing while they are the same. */
export function ReadingSwitch({ evidence, second, cies, noun }: ReadingSwitchProps) {
  const { reading, problem } = useReading();
  const { votes, settled } = useLabels(({ board }) => board);
  if (!second.differs) return null;
  const who = [...new Set([...votes.keys(), ...[...settled.values()].map(({ reviewer }) => reviewer)])].sort();
  return (
    <section className="reading" aria-label="As delivered or as reviewed">
      <Segmented
        legend="True labels and attributes"
        options={[
          { value: 'delivered', label: 'As delivered' },
          { value: 'reviewed', label: 'As reviewed' },
        ]}
        value={reading}
        onChange={chooseReading}
      />
      <p className="small">
        As reviewed, {changesText(second.reviewed, noun)} By {list(who)}.{' '}
        {reading === 'reviewed' ? (
          <b>All of this page but where CIE gather is as reviewed.</b>
        ) : (
          'This page is as delivered.'
        )}
      </p>
      {reading === 'reviewed' ? (
        <Note fact="Reviewing only what the models disagree on biases this reading." live>
          {coverageText(evidence, second, cies, noun)}
        </Note>
      ) : null}
      {reading === 'reviewed' && second.audited === null ? (
        <p className="small" role="status">
          {problem === null
            ? 'Counting again with the reviewed labels…'
            : `It could not be computed: ${problem.message}`}
        </p>
      ) : null}
    </section>
  );
}

/** "12 faces have another true label, 3 another value of Young. 2 were called wrong without a right label and stay." */
export function changesText(
  { corrected, unsaid, disputed, annotations }: Reviewed,
  noun: readonly [string, string],
): string {
  const changes = [
    ...(corrected.length > 0 ? [`${counted(corrected.length, noun)} have another true label`] : []),
    ...annotations.flatMap(({ attribute, delivered, changed, answered }) =>
      delivered
        ? changed > 0
          ? [`${counted(changed, noun)} another value of ${attribute}`]
          : []
        : [`${counted(answered, noun)} a value of ${attribute}, which is not among the audited attributes`],
    ),
  ];
  const stays = [
    ...(unsaid > 0 ? [`${count(unsaid)} called wrong without a right label`] : []),
    ...(disputed > 0 ? [`${count(disputed)} on which reviewers differ`] : []),
  ];
  return `${changes.length === 0 ? 'nothing is changed' : list(changes)}.${stays.length === 0 ? '' : ` As delivered stay ${list(stays)}.`}`;
}

/** How much of the CIE and of the others was reviewed at all, and what follows. */
function coverageText(
  { examples }: ReadyEvidence,
  { said }: Second,
  cies: Uint32Array,
  noun: readonly [string, string],
): string {
  const isCie = new Set([...cies].map((x) => examples.ids[x]!));
  const inside = [...said.answers.keys()].filter((id) => isCie.has(id)).length;
  const outside = said.answers.size - inside;
  return `${count(inside)} of ${count(cies.length)} CIE of this level were reviewed, and ${count(outside)} of ${count(examples.ids.length - cies.length)} other ${noun[1]}. A wrong label can only be found where somebody looks: with CIE alone corrected, both populations gain or lose just where they disagree. Review a random part of the rest too, or review blinded among controls.`;
}
