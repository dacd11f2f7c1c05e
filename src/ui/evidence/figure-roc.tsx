import { useState } from 'react';
import type { AuditResult } from '#audit/result.ts';
import type { GroupRoc } from '#audit/score-desk.ts';
import { orWhy, type FigureTable } from '#ui/charts/figure-table.tsx';
import { SelectField } from '#ui/kit/field.tsx';
import { count } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { AreaPlot } from './area-plot.tsx';
import { opensCell } from './cells.ts';
import { Figure } from './figure.tsx';
import { ofGroup, opening } from './links.ts';
import { RocPlot } from './roc-plot.tsx';
import { areaSentence, mostConfused, rocClaim, whyNoArea } from './roc-words.ts';
import { groupKey, groupTitle, type EvidenceView } from './view.ts';
import { showSome } from './words.ts';
import { THREE, COUNT } from './writings.ts';

interface RocFigureProps {
  readonly view: EvidenceView;
  readonly groups: readonly GroupRoc[];
  /** The audit at the chosen threshold; null while it is computed for the first time. */
  readonly at: { readonly probability: number; readonly audit: AuditResult } | null;
}

/** Figure 9: ROC curves of a group, and the areas of all of them, in both populations. */
export function RocFigure({ view, groups, at }: RocFigureProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const known = groups.filter(({ areas }) => areas.baseline.both.value !== null);
  const shown = groups.find(({ group }) => groupKey(group) === chosen) ?? mostConfused(groups) ?? groups[0];
  if (shown === undefined) return null;
  const missing = groups.filter(({ areas }) => areas.baseline.both.value === null);
  return (
    <Figure
      view={view}
      no={9}
      name="ROC curves by group"
      claim={rocClaim(view, groups)}
      how={`Left: of the ${view.positive}, the share that is called so, against the share of the ${view.negative} that is called so by mistake, at every threshold; means over members, ${view.audit.classes.length > 2 ? `${view.positive} against the rest, ` : ''}marks at the threshold chosen below. Grey: everyone. Right: the mean area under the members’ curves, which is how often a member scores a random ${view.positive} above a random ${view.negative}. Intervals 95 %: over ${view.noun[1]} after DeLong, over members Student’s t; drawn are both together, distances added as squares, a little too wide.`}
      table={areaTable(view, groups)}
      remarks={
        <>
          <SelectField
            label="Group"
            value={groupKey(shown.group)}
            options={groups.map(({ group }) => ({ value: groupKey(group), label: groupTitle(view, group) }))}
            onChange={setChosen}
          />
          <p className="small">{areaSentence(view, shown, known.length)}</p>
          {missing.length === 0 ? null : (
            <p className="small">
              <span className="mk none" aria-hidden="true" />
              <b>Not estimable:</b> {groupTitle(view, missing[0]!.group)}. {whyNoArea(view, missing[0]!.areas)}
              {missing.length === 1 ? '.' : `; and ${count(missing.length - 1)} more in the table.`}
            </p>
          )}
        </>
      }
    >
      <div className="roc-plots">
        <RocPlot view={view} shown={shown} everyone={groups[0]!} at={at} />
        <AreaPlot view={view} groups={known} shown={shown} />
      </div>
    </Figure>
  );
}

function areaTable(view: EvidenceView, groups: readonly GroupRoc[]): FigureTable {
  const { comparison, noun } = view;
  return {
    caption: (
      <>
        <b>Table of figure 9,</b> at {levelTitle(comparison.level)}: mean areas under the members’ ROC curves. Intervals
        95 %, over {noun[1]} (DeLong) and members (Student’s t) together; not corrected for the number of groups.
      </>
    ),
    columns: [
      { name: 'Group' },
      { name: 'Positives', as: COUNT },
      { name: 'Negatives', as: COUNT },
      { name: 'Area', mark: 'base', as: THREE, interval: true },
      { name: 'Area', mark: 'comp', as: THREE, interval: true },
      { name: 'Change', as: THREE, interval: true },
      { name: '' },
    ],
    rows: () =>
      groups.map(({ group, areas }) => {
        const n = areas.positives + areas.negatives;
        const why = whyNoArea(view, areas) ?? 'not known';
        const title = groupTitle(view, group);
        return {
          key: groupKey(group),
          cells: [
            title,
            areas.positives,
            areas.negatives,
            orWhy(areas.baseline.both, why),
            orWhy(areas.compressed.both, why),
            orWhy(areas.change.both, why),
            opensCell(
              `Show ${count(n)}`,
              `${showSome(n, noun)}: ${title}`,
              opening({ level: comparison.level, threshold: 0, attributes: ofGroup(group).attributes }),
            ),
          ],
        };
      }),
  };
}
