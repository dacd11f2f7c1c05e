import type { Group, SubgroupRow } from '#audit/result.ts';
import { NO_FILTERS, openGalleryOn } from '#store/gallery.ts';
import { queryFromFilters } from '#store/gallery-query.ts';
import type { GalleryFilters } from '#store/state.ts';
import { denominator, type EvidenceView, type Measure } from './view.ts';

/** The true label stands among the groups of over-indexing under this name. */
const TRUE_LABEL = 'true_label';

export interface Opening {
  readonly href: string;
  readonly onOpen: () => void;
}

/** A link into the gallery on exactly these examples. */
export function opening(filters: Partial<GalleryFilters> & { readonly level: string }): Opening {
  return {
    href: `#/gallery?${queryFromFilters({ ...NO_FILTERS, ...filters })}`,
    onOpen: () => openGalleryOn(filters),
  };
}

/** The examples of a group. */
export function ofGroup(group: Group): Pick<GalleryFilters, 'attributes' | 'trueClasses'> {
  const attributes = Object.entries(group).filter(([name]) => name !== TRUE_LABEL);
  const label = group[TRUE_LABEL];
  return {
    attributes: Object.fromEntries(attributes.map(([name, value]) => [name, [value]])),
    trueClasses: label === undefined ? [] : [label],
  };
}

/** The examples that a rate of a group is over: all of them, those that are not positive, or the positive ones. */
export function ofRate(view: EvidenceView, row: SubgroupRow, measure: Measure, level: string) {
  const { positive } = view.audit.options;
  const { classes } = view.audit;
  const trueClasses =
    measure === 'error' ? [] : measure === 'fnr' ? [positive] : classes.filter((name) => name !== positive);
  return {
    ...opening({ level, threshold: 0, attributes: ofGroup(row.group).attributes, trueClasses }),
    count: denominator(row, measure),
  };
}
