import { useEffect, useState } from 'react';
import { LEAST_CIES, type ImageGroup, type ImageGroups } from '#audit/image-groups.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { useData } from '#store/data.ts';
import { imageGroupsOf } from '#store/embeddings.ts';
import { useTraining } from '#store/training-state.ts';
import type { FigureTable } from '#ui/charts/figure-table.tsx';
import { ExampleImage } from '#ui/kit/example-image.tsx';
import { count, list } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { classNames } from '#ui/kit/value-words.ts';
import { opensCell } from './cells.ts';
import { TableSection } from './figure.tsx';
import { opening } from './links.ts';
import type { EvidenceView } from './view.ts';
import { showSome } from './words.ts';
import { COUNT, SHARE, TIMES } from './writings.ts';

/** As many pictures of a group are shown, the most typical ones. */
const SHOWN = 8;
/** CSS pixels. */
const SIDE = 56;

type Outcome =
  | { readonly kind: 'looking' }
  | { readonly kind: 'none-kept' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'found'; readonly found: ImageGroups | null };

/** The CIE in groups that an algorithm finds in how one member sees them: for what no attribute names. */
export function ImageGroupsSection({ view }: { readonly view: EvidenceView }) {
  const outcome = useImageGroups(view);
  const dataset = useData(({ state }) => (state.kind === 'ready' ? state.dataset : null));
  const { comparison, noun } = view;
  const groups = outcome.kind === 'found' ? (outcome.found?.groups ?? []) : [];
  const found = outcome.kind === 'found' ? outcome.found : null;
  return (
    <TableSection
      view={view}
      title={`Groups of ${noun[1]} that changed`}
      table={found === null ? null : groupsTable(view, found)}
      before={
        found === null || dataset?.features.kind !== 'images' ? null : (
          <ol className="image-groups">
            {groups.map((group, i) => (
              <li key={group.cies[0] ?? i}>
                <Pictures view={view} dataset={dataset} group={group} name={nameOf(i)} />
              </li>
            ))}
          </ol>
        )
      }
    >
      {found === null ? (
        <p className="small" {...(outcome.kind === 'looking' ? { role: 'status' } : {})}>
          {whyNone(outcome, comparison.modalCie.indices.length, noun)}
        </p>
      ) : null}
    </TableSection>
  );
}

const nameOf = (place: number): string => `Group ${String(place + 1)}`;

function whyNone(outcome: Outcome, cies: number, noun: readonly [string, string]): string {
  switch (outcome.kind) {
    case 'looking':
      return 'Looking for groups…';
    case 'none-kept':
      return 'This audit came without what a member’s last layer reads, so its pictures cannot be grouped. Members that are trained here keep it.';
    case 'failed':
      return `The groups could not be found: ${outcome.why}`;
    case 'found':
      return `${count(cies)} ${cies === 1 ? noun[0] : noun[1]} changed at this level; below ${count(LEAST_CIES)} they are better looked at one by one.`;
    default:
      return outcome satisfies never;
  }
}

function Pictures({
  view,
  dataset,
  group,
  name,
}: {
  readonly view: EvidenceView;
  readonly dataset: Dataset;
  readonly group: ImageGroup;
  readonly name: string;
}) {
  const { datasetIndices } = view.evidence;
  const open = opensGroup(view, group, name);
  return (
    <button type="button" className="image-group" aria-label={open.label} onClick={open.onOpen}>
      <span className="image-group-name">
        <b>{name}</b> {count(group.cies.length)}
      </span>
      <span className="image-group-faces" aria-hidden="true">
        {[...group.cies.subarray(0, SHOWN)].map((example) => (
          <ExampleImage key={example} dataset={dataset} index={datasetIndices[example] ?? -1} size={SIDE} />
        ))}
      </span>
    </button>
  );
}

function groupsTable(view: EvidenceView, found: ImageGroups): FigureTable {
  const { comparison, noun, evidence } = view;
  const names = classNames(
    { name: view.target, values: evidence.examples.classes, codes: new Int16Array() },
    evidence.examples.classes,
    true,
  );
  return {
    caption: `At ${levelTitle(comparison.level)}: the ${noun[1]} whose label changed, in groups that k-means finds in what the last layer of the first baseline member reads; their number is the one from 2 to 8 that fits best (mean silhouette ${found.silhouette.toFixed(2)}; 1 is clearly apart, 0 is not). It is one member’s view: another one may group them otherwise, and nobody has named the groups. The region of a group is every audited ${noun[0]} that lies nearest to its centre. Intervals 95 %, over ${noun[1]}, the groups taken as given.`,
    columns: [
      { name: 'Group' },
      { name: 'Changed', as: COUNT },
      { name: 'Share of those that changed', as: SHARE, interval: true },
      { name: `Share of all ${noun[1]} in its region`, as: SHARE },
      { name: 'Times as often', as: TIMES, interval: true },
      { name: 'True labels' },
      { name: '' },
    ],
    rows: () =>
      found.groups.map((group, i) => ({
        key: nameOf(i),
        cells: [
          nameOf(i),
          group.cies.length,
          group.cieShare,
          group.share,
          group.ratio,
          list([...group.trueLabels].flatMap((n, label) => (n === 0 ? [] : [`${count(n)} ${names[label] ?? ''}`]))),
          opensGroup(view, group, nameOf(i)),
        ],
      })),
  };
}

function opensGroup(view: EvidenceView, { cies }: ImageGroup, name: string) {
  const { ids } = view.evidence.examples;
  const only = Array.from(cies, (example) => ids[example] ?? '');
  return opensCell(
    `Show ${count(cies.length)}`,
    `${showSome(cies.length, view.noun)} whose label changed: ${name}`,
    opening({ level: view.comparison.level, threshold: 'modal-cie', only }),
  );
}

function useImageGroups({ comparison, audit, evidence }: EvidenceView): Outcome {
  const auditId = useTraining((training) => training.auditId);
  const { indices } = comparison.modalCie;
  const { labels, classes } = evidence.examples;
  const { seed } = audit.options;
  const [answer, setAnswer] = useState<{ readonly of: Uint32Array; readonly outcome: Outcome } | null>(null);
  useEffect(() => {
    if (auditId === null) return;
    let isWanted = true;
    const tell = (outcome: Outcome): void => {
      if (isWanted) setAnswer({ of: indices, outcome });
    };
    imageGroupsOf(auditId, { cies: indices, labels, classes: classes.length, seed }).then(
      (groups) => {
        tell(groups === null ? { kind: 'none-kept' } : { kind: 'found', found: groups.found });
      },
      (error: unknown) => {
        tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [auditId, indices, labels, classes, seed]);
  if (auditId === null) return { kind: 'none-kept' };
  return answer?.of === indices ? answer.outcome : { kind: 'looking' };
}
