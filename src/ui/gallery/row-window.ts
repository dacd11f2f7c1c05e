/**
 * Browsers draw nothing below some 16 to 33 million pixels: a list that is longer is folded into this height. All pixels.
 */
const MOST_HEIGHT = 8_000_000;

/** What scrolls: rows of one pitch (height and gap), seen through a frame. */
export interface Roll {
  readonly rows: number;
  readonly pitch: number;
  readonly frame: number;
}

/** Where a roll stands: how far its frame has scrolled, and how much further down the rows are that it shows. */
export interface Standing {
  readonly scrollTop: number;
  readonly offset: number;
}

/** Height of the roll unfolded, and of what is scrolled. */
const wholeHeight = ({ rows, pitch }: Roll): number => rows * pitch;
export const scrolledHeight = (roll: Roll): number => Math.min(MOST_HEIGHT, wholeHeight(roll));

/** How far the roll and what is scrolled can go at most. */
const travels = (roll: Roll): { readonly roll: number; readonly scrolled: number } => ({
  roll: Math.max(0, wholeHeight(roll) - roll.frame),
  scrolled: Math.max(0, scrolledHeight(roll) - roll.frame),
});

/**
 * Where the roll stands after its frame scrolled. Steps below the height of the frame move it by just as much; a leap (a
 * dragged scroll bar), and coming to an end, go to the same share of the whole.
 */
export function scrolledTo(roll: Roll, before: Standing, scrollTop: number): Standing {
  const travel = travels(roll);
  if (travel.scrolled === travel.roll) return { scrollTop, offset: 0 };
  const isLeap = Math.abs(scrollTop - before.scrollTop) >= roll.frame;
  const isAtEnd = scrollTop <= 0 || scrollTop >= travel.scrolled - 1;
  if (!isLeap && !isAtEnd) return { scrollTop, offset: before.offset };
  const share = Math.min(1, Math.max(0, scrollTop / travel.scrolled));
  return { scrollTop, offset: Math.round(share * travel.roll - scrollTop) };
}

/** The nearest standing in which the row is seen whole, its top edge where the row is higher than the frame. */
export function bringIn(roll: Roll, standing: Standing, row: number, gap: number): Standing {
  const top = standing.scrollTop + standing.offset;
  const first = row * roll.pitch;
  const last = first + roll.pitch + gap - roll.frame;
  const wanted = first < top ? first : last > top ? Math.min(first, last) : top;
  if (wanted === top) return standing;
  const travel = travels(roll);
  if (travel.scrolled === travel.roll) return { scrollTop: wanted, offset: 0 };
  const near = standing.scrollTop + wanted - top;
  if (Math.abs(wanted - top) < roll.frame && near > 0 && near < travel.scrolled - 1) {
    return { scrollTop: near, offset: standing.offset };
  }
  const scrollTop = Math.round((Math.min(travel.roll, wanted) / travel.roll) * travel.scrolled);
  return { scrollTop, offset: Math.round(wanted - scrollTop) };
}

/** The rows in the frame and so many before and after them: the first, and the one after the last. */
export function rowsInSight(roll: Roll, { scrollTop, offset }: Standing, spare: number): readonly [number, number] {
  const top = scrollTop + offset;
  const first = Math.floor(top / roll.pitch) - spare;
  const end = Math.ceil((top + roll.frame) / roll.pitch) + spare;
  return [Math.max(0, Math.min(roll.rows, first)), Math.max(0, Math.min(roll.rows, end))];
}
