import { useState } from 'react';
import type { Uncertain } from '#audit/crossed.ts';
import { count, counted } from '#ui/kit/format.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { ANEW, anewWords, changeSentence } from './change-words.ts';
import { Figure } from './figure.tsx';
import { GroupsPlot } from './groups-plot.tsx';
import { groupsTable } from './groups-table.tsx';
import { hardestHit, missingGroups } from './groups.ts';
import { HOOKER_TABLE_3, HOOKER_TABLE_5 } from './papers.ts';
import { groupTitle, whyNot, type EvidenceView, type Measure } from './view.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { groupsClaim } from './words.ts';

const MEASURES = (['error', 'fpr', 'fnr'] as const).map((value) => ({ value, label: MEASURE_WORDS[value].one }));

/** Figure 2: the normalized difference of groups against the level (Hooker et al., tables 3 to 5). */
export function GroupsFigure({ view }: { readonly view: EvidenceView }) {
  const [measure, setMeasure] = useState<Measure>(() => hardestHit(view.comparison)?.measure ?? 'error');
  const [anew, setAnew] = useState<keyof Uncertain>('both');
  const hit = hardestHit(view.comparison, [measure]);
  const missing = missingGroups(view.comparison, measure);
  const first = missing[0];
  return (
    <Figure
      view={view}
      no={2}
      name="change by group and level"
      everyLevel
      papers={[HOOKER_TABLE_3, HOOKER_TABLE_5]}
      claim={groupsClaim(view, measure)}
      remarks={
        <>
          <Segmented legend="Measure" options={MEASURES} value={measure} onChange={setMeasure} />
          {hit === null ? null : <p className="small">{changeSentence(view, hit.row, measure)}</p>}
          <div className="anew">
            <span className="small">Drawn anew</span>
            <Segmented legend="What the intervals draw anew" options={ANEW} value={anew} onChange={setAnew} />
          </div>
          <p className="small">
            Bands and whiskers: 95 %, {anewWords(anew, view.noun)}. One interval in twenty misses by chance; what holds
            for all {count(view.audit.testedChanges)} comparisons together is said with each point and in the table.
          </p>
          {first === undefined ? null : (
            <p className="small">
              <span className="mk none" aria-hidden="true" />
              <b>Not estimable:</b> {MEASURE_WORDS[measure].many} of {groupTitle(view, first.group)}.{' '}
              {whyNot(view, first, measure)}
              {missing.length === 1
                ? '.'
                : `; and ${counted(missing.length - 1, ['more group', 'more groups'])} in the table.`}
            </p>
          )}
        </>
      }
      how={`How much the ${MEASURE_WORDS[measure].rate} of a group changed from the baseline, in percent of the baseline’s rate: 100 × (compressed − baseline) / baseline. Black is everyone; the steepest group is coloured; the rest are told apart by dash and label.`}
      table={groupsTable(view, measure, anew)}
    >
      <GroupsPlot view={view} measure={measure} anew={anew} />
    </Figure>
  );
}
