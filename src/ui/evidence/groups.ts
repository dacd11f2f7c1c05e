import type { Comparison, Group, SubgroupRow } from '#audit/result.ts';
import { LEVEL } from './change-words.ts';
import { groupKey, type Measure } from './view.ts';

/** A group whose change stands out: it holds after correction, and its whole interval lies above zero and above the change of everyone. */
export interface HardestHit {
  readonly row: SubgroupRow;
  readonly measure: Measure;
}

const isEveryone = (row: SubgroupRow): boolean => Object.keys(row.group).length === 0;

/**
 * The row whose rate surely rises most: of those whose change holds after correction for all comparisons (Holm, 5 %) and whose
 * 95 % interval (members and examples drawn anew) lies above zero and above the change of everyone, the one whose lower end is highest (the highest value would pick the smallest group). Null where no group stands out; ties go to
 * the earlier row, so to single values before pairs.
 */
export function hardestHit(comparison: Comparison, measures: readonly Measure[] = ['fpr', 'fnr']): HardestHit | null {
  const everyone = comparison.subgroups.find(isEveryone);
  let hardest: HardestHit | null = null;
  let most = 0;
  for (const measure of measures) {
    const common = Math.max(0, everyone?.change[measure].percent.both.value ?? 0);
    for (const row of comparison.subgroups) {
      const { value, low } = row.change[measure].percent.both;
      const { holm } = row.change[measure].tests;
      if (
        holm === null ||
        holm > LEVEL ||
        isEveryone(row) ||
        value === null ||
        low === null ||
        low <= common ||
        low <= most
      )
        continue;
      most = low;
      hardest = { row, measure };
    }
  }
  return hardest;
}

/** The groups of the figure: the steepest, everyone, and the rest in order of their change. */
export interface DrawnGroups {
  readonly steepest: Group | null;
  readonly groups: readonly Group[];
}

/**
 * Chooses what figure 2 draws for one measure: everyone; the group with the greatest rise; of a pair also its two single
 * values and the pairs of the same attributes, of a single value its siblings; then those that change most, up to `most`
 * besides everyone. Groups that cannot be estimated are not drawn.
 */
export function drawnGroups(comparison: Comparison, measure: Measure, most = 6): DrawnGroups {
  const known = comparison.subgroups.filter((row) => row.change[measure].percent.both.value !== null);
  const everyone = known.filter(isEveryone);
  const rest = known
    .filter((row) => !isEveryone(row))
    .sort((a, b) => (b.change[measure].percent.both.value ?? 0) - (a.change[measure].percent.both.value ?? 0));
  const top = hardestHit(comparison, [measure])?.row ?? rest[0];
  if (top === undefined) return { steepest: null, groups: everyone.map(({ group }) => group) };
  const family = rest.filter((row) => row !== top && isFamily(row.group, top.group));
  const others = rest.filter((row) => row !== top && !family.includes(row));
  const chosen = [top, ...family, ...others].slice(0, most);
  return { steepest: top.group, groups: [...everyone, ...chosen].map(({ group }) => group) };
}

/** Whether a group is over some of the attributes of another and of none besides. */
function isFamily(group: Group, top: Group): boolean {
  const names = Object.keys(group);
  const same = Object.keys(top);
  if (!names.every((name) => same.includes(name))) return false;
  return names.length === same.length || names.every((name) => group[name] === top[name]);
}

/** Groups that cannot be estimated for a measure, those of one attribute first. */
export function missingGroups(comparison: Comparison, measure: Measure): readonly SubgroupRow[] {
  return comparison.subgroups
    .filter((row) => row.change[measure].percent.both.value === null)
    .sort((a, b) => Object.keys(a.group).length - Object.keys(b.group).length);
}

export const isSame = (a: Group | null, b: Group): boolean => a !== null && groupKey(a) === groupKey(b);
