import type { Estimate, AuditResult, Comparison, SubgroupRow } from '#audit/result.ts';
import type { SecondReading } from '#store/reading.ts';
import { percentNumber } from '#ui/kit/format.ts';
import { Num } from '#ui/kit/num.tsx';
import type { TwinRow } from '#ui/kit/table-twin.tsx';
import { groupKey, groupTitle, type EvidenceView } from './view.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { changeEnd } from './words.ts';

const MEASURES = ['error', 'fpr', 'fnr'] as const;
type Pick = (audit: AuditResult, comparison: Comparison) => Estimate;

/** The main numbers of the level in both readings: accuracy, and how the rates changed, of everyone and of each value that the readings differ on. */
export function pairRows(view: EvidenceView, second: SecondReading): readonly TwinRow[] {
  const other = second.audit.comparisons.find(({ level }) => level === view.comparison.level);
  if (other === undefined) return [];
  const row = (key: string, pick: Pick, format: (value: number) => string, reason: string): TwinRow => ({
    key,
    cells: [
      key,
      <Num key="delivered" estimate={pick(view.audit, view.comparison)} format={format} reason={reason} />,
      <Num key="reviewed" estimate={pick(second.audit, other)} format={format} reason={reason} />,
    ],
  });
  const groups = other.subgroups.filter(({ group }) => Object.keys(group).length <= 1);
  return [
    row('Accuracy of the baseline, %', (audit) => audit.baseline.top1.both, percentNumber, 'no members'),
    row('Accuracy at the level, %', (_, { population }) => population.top1.both, percentNumber, 'no members'),
    row(
      'Accuracy on CIE at the level, %',
      (_, { accuracy }) => accuracy.modalCie.compressedEstimate.both,
      percentNumber,
      'no CIE',
    ),
    ...groups.flatMap(({ group }) =>
      MEASURES.flatMap((measure) => {
        const pick: Pick = (_, comparison) => rowIn(comparison, group)?.change[measure].percent.both ?? NONE;
        const isSame = pick(view.audit, view.comparison).value === pick(second.audit, other).value;
        if (isSame && Object.keys(group).length > 0) return [];
        const name = `${groupTitle(view, group)}: ${MEASURE_WORDS[measure].one} change, %`;
        return [row(name, pick, changeEnd, 'too few or no such error')];
      }),
    ),
  ];
}

const NONE: Estimate = { value: null, low: null, high: null };
const rowIn = ({ subgroups }: Comparison, group: SubgroupRow['group']): SubgroupRow | undefined =>
  subgroups.find((row) => groupKey(row.group) === groupKey(group));
