import { useMemo, useState } from 'react';
import { annotatedGroups } from '#audit/annotated-groups.ts';
import { labelMix } from '#audit/label-mix.ts';
import { consensus } from '#audit/reviewed.ts';
import { useLabels } from '#store/labels.ts';
import { blindedOfLevel } from '#store/review.ts';
import { count, percentNumber } from '#ui/kit/format.ts';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { Num } from '#ui/kit/num.tsx';
import { Segmented } from '#ui/kit/segmented.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { MixTable } from '#ui/labels/mix-table.tsx';
import { useAsked } from '#ui/labels/use-asked.ts';
import type { Second } from '#ui/labels/use-second-reading.ts';
import { changesText } from './reading-switch.tsx';
import { pairRows } from './reading-pairs.tsx';
import type { EvidenceView, ReadyEvidence } from './view.ts';

interface ReviewedSectionProps {
  /** As delivered. */
  readonly view: EvidenceView;
  readonly second: Second;
}

/** What reviewers saw: the label mix of CIE against others, groups by their annotations, and the numbers as delivered beside as reviewed. */
export function ReviewedSection({ view, second }: ReviewedSectionProps) {
  if (second.said.answers.size === 0) return null;
  const { reviewed, audited } = second;
  return (
    <ErrorBoundary what="What reviewers saw">
      <section className="more-table" aria-labelledby="reviewed">
        <h2 id="reviewed">What reviewers saw</h2>
        <Mix view={view} second={second} />
        {reviewed.annotations.length === 0 ? null : <Groups view={view} second={second} />}
        {audited === null ? null : (
          <DataTable
            caption={`As delivered and as reviewed, at ${levelText(view.comparison.level)}: ${changesText(reviewed, view.noun)} Intervals 95 %, were members and ${view.noun[1]} drawn anew; changes in percent of the baseline. Which examples are CIE hangs on predictions alone and is the same in both.`}
            columns={[
              { name: 'Number' },
              { name: 'As delivered', numeric: true },
              { name: 'As reviewed', numeric: true },
            ]}
            rows={pairRows(view, audited)}
          />
        )}
      </section>
    </ErrorBoundary>
  );
}

function Mix({ view, second }: ReviewedSectionProps) {
  const { nameOf, schema } = useAsked();
  const { events, board } = useLabels();
  const { level, modalCie } = view.comparison;
  const blinded = useMemo(() => blindedOfLevel(events, board, level), [events, board, level]);
  const [chosen, setChosen] = useState<'blinded' | 'all' | null>(null);
  const which = chosen ?? (blinded === null ? 'all' : 'blinded');
  const { ids } = view.evidence.examples;
  const isCie = useMemo(() => new Set([...modalCie.indices].map((x) => ids[x]!)), [modalCie, ids]);
  const given = which === 'blinded' && blinded !== null ? consensus(blinded, new Map()).answers : second.said.answers;
  const mix = labelMix(given, (id) => isCie.has(id), schema);
  const from =
    which === 'blinded'
      ? 'In blinded reviews of this level, controls being of the same classes.'
      : 'All labels, also those given with the votes in sight: who labels CIE first knows what to look for, and the others were not drawn at random.';
  return (
    <>
      {blinded === null ? null : (
        <Segmented
          legend="Which labels"
          options={[
            { value: 'blinded', label: 'Blinded reviews' },
            { value: 'all', label: 'All labels' },
          ]}
          value={which}
          onChange={setChosen}
        />
      )}
      <MixTable
        mix={mix}
        nameOf={nameOf}
        others={which === 'blinded' ? 'Controls' : 'Others'}
        caption={`What was said of ${count(mix.cie)} CIE and ${count(mix.others)} other ${view.noun[1]}, each counted once: what was settled, or what all who answered said. ${from}`}
      />
    </>
  );
}

function Groups({ view, second }: ReviewedSectionProps) {
  const { evidence, comparison } = view;
  const groups = annotatedGroups(
    second.reviewed.annotations,
    comparison.modalCie.isCie,
    second.reviewed.examples.labels,
    predictionsOf(evidence, comparison.level),
  );
  return (
    <DataTable
      caption={`Groups as reviewers annotated them, whether or not the data have the attribute. Shares in percent of those annotated (Wilson; difference in points, Newcombe); accuracy on the annotated CIE of the group, by the labels as reviewed (95 %, were members and ${view.noun[1]} drawn anew). Rates of a whole group need annotations of all of it, not of its CIE alone.`}
      columns={[
        { name: 'Group' },
        { name: 'of CIE', numeric: true },
        { name: 'of others', numeric: true },
        { name: 'Difference', numeric: true },
        { name: 'Accuracy on them, baseline', numeric: true },
        { name: levelText(comparison.level), numeric: true },
      ]}
      rows={groups.map((group) => ({
        key: `${group.attribute}=${group.value}`,
        cells: [
          `${group.attribute}: ${group.value} (${count(group.cieCount)} of ${count(group.cieAnswered)} CIE, ${count(group.otherCount)} of ${count(group.otherAnswered)} others)`,
          <Num key="cie" estimate={group.cie} format={percentNumber} reason="none annotated" />,
          <Num key="others" estimate={group.others} format={percentNumber} reason="none annotated" />,
          <Num key="difference" estimate={group.difference} format={percentNumber} reason="some of both needed" />,
          <Num key="baseline" estimate={group.baseline.both} format={percentNumber} reason="no such CIE" />,
          <Num key="level" estimate={group.compressed.both} format={percentNumber} reason="no such CIE" />,
        ],
      }))}
    />
  );
}

function predictionsOf({ audit, predictions }: ReadyEvidence, level: string) {
  return { baseline: predictions[audit.baseline.name]!, compressed: predictions[level]! };
}
