import { quickAudit } from './audit.ts';
import type { PredictionTable, Population } from './predictions.ts';
import { prepareTable } from './prepared.ts';
import type { AuditNumbers, AuditOptions, Group } from './result.ts';
import { rocAreas, rocCurve, scoresOf, type RocAreas, type RocPoint, type Scores } from './roc.ts';
import { groupNamed } from './subgroups.ts';
import { tableAtThreshold } from './threshold.ts';

/** The ROC curves of a group, of the baseline and of a level. */
export interface GroupRoc {
  readonly group: Group;
  readonly areas: RocAreas;
  /** Empty where the areas are not estimable. */
  readonly baseline: readonly RocPoint[];
  readonly compressed: readonly RocPoint[];
}

/** A baseline and one level with the probabilities of their members: areas and curves at once, and the audit at any threshold. */
export interface ScoreDesk {
  /** Everyone, then every value of every attribute. */
  readonly groups: readonly GroupRoc[];
  /** The audit without its depth, were everything called positive from this code on (lib/log-odds.ts). */
  at(code: number): AuditNumbers;
}

/** `table` has one level. Throws where a population has no probabilities, and as `prepareTable`. */
export function openScores(table: PredictionTable, options: AuditOptions): ScoreDesk {
  const { examples } = table;
  const count = examples.labels.length;
  const positive = examples.classes.indexOf(options.positive);
  const isPositive = Uint8Array.from(examples.labels, (label) => (label === positive ? 1 : 0));
  const [baseline, compressed] = [table.baseline, table.compressed[0]!].map((one) => scores(one, count)) as [
    Scores,
    Scores,
  ];
  const groupOf = (group: Group, inGroup: Uint8Array): GroupRoc => {
    const areas = rocAreas(baseline, compressed, isPositive, inGroup, options.minCount);
    const curve = (of: Scores) => (areas.baseline.both.value === null ? [] : rocCurve(of, isPositive, inGroup));
    return { group, areas, baseline: curve(baseline), compressed: curve(compressed) };
  };
  return {
    groups: [
      groupOf({}, new Uint8Array(count).fill(1)),
      ...examples.attributes.flatMap(({ name, values, codes }) =>
        values.map((value, code) =>
          groupOf(
            groupNamed([name, value]),
            Uint8Array.from(codes, (own) => (own === code ? 1 : 0)),
          ),
        ),
      ),
    ],
    at: (code) => quickAudit(prepareTable(tableAtThreshold(table, options.positive, code), options)),
  };
}

function scores({ name, members, probabilities }: Population, examples: number): Scores {
  if (probabilities === undefined) throw new Error(`population "${name}" has no probabilities`);
  return scoresOf(members, probabilities, examples);
}
