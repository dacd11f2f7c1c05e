import { Mark } from '#ui/kit/icons.tsx';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import type { GalleryView } from './use-gallery-view.ts';

interface Pair {
  readonly member: string;
  /** The class that the member gives, null where the population has no such member. */
  readonly before: number | null;
  readonly after: number | null;
}

/** What each member says of an example, baseline beside the level in hand; members of the same seed stand together. */
function pairsOf({ predictions, comparison, examples }: GalleryView, example: number): readonly Pair[] {
  const said = (level: string): ReadonlyMap<string, number> => {
    const population = predictions[level];
    return new Map(
      (population?.members ?? []).flatMap((member, m) => {
        const code = population?.predictions[m * examples.ids.length + example];
        return code === undefined ? [] : [[member, code] as const];
      }),
    );
  };
  const before = said('baseline');
  const after = said(comparison.level);
  return [...new Set([...before.keys(), ...after.keys()])].map((member) => ({
    member,
    before: before.get(member) ?? null,
    after: after.get(member) ?? null,
  }));
}

/** Predictions by member, a cell a member: a mark is filled where the member is right about the true label. */
export function MemberGrid({ view, example }: { readonly view: GalleryView; readonly example: number }) {
  const { names, wholeNames, examples, comparison } = view;
  const truth = examples.labels[example];
  const pairs = pairsOf(view, example);
  const both = pairs.filter(({ before, after }) => before !== null && after !== null);
  const changed = both.filter(({ before, after }) => before !== after).length;
  const name = (code: number | null): string => (code === null ? '–' : (names[code] ?? ''));
  const whole = (code: number | null): string => (code === null ? 'no member' : (wholeNames[code] ?? ''));
  return (
    <section aria-labelledby="large-members">
      <h3 id="large-members" className="large-title">
        Predictions by member
      </h3>
      <p className="no">
        {changed} of {both.length} members say something else at {levelTitle(comparison.level)} than their baseline of
        the same seed. Filled: right about the true label.
      </p>
      <ul className="member-grid">
        {pairs.map(({ member, before, after }) => (
          <li
            key={member}
            className={before !== null && after !== null && before !== after ? 'changed' : ''}
            aria-label={`Member ${member}: ${whole(before)} at the baseline, ${whole(after)} at ${levelText(comparison.level)}`}
          >
            <span className="mute">{member}</span>
            <span className={before === truth ? 'says' : 'says hollow'}>
              <Mark kind="base" />
              {name(before)}
            </span>
            <span className={after === truth ? 'says' : 'says hollow'}>
              <Mark kind="comp" />
              {name(after)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
