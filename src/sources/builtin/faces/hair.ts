import { BLACK, mix } from './colour.ts';
import { lighter, type FaceParameters } from './parameters.ts';
import type { Path, Pen } from './path.ts';

/** The hair that hangs behind the head. */
export function drawHairBehind(pen: Pen, face: FaceParameters): void {
  const { style, hair, headWidth: w } = face;
  const behind = mix(hair, BLACK, 0.2);
  const left = 32 - w - 1.4;
  const right = 32 + w + 1.4;
  const hang = (to: number, flare: number): void => {
    pen.fill(
      pen
        .from(left - 1, 28)
        .curve(left - 3, 4, right + 3, 4, right + 1, 28)
        .curve(right + 1.5, 38, right + flare, to - 6, right + flare - 1, to)
        .line(left - flare + 1, to)
        .curve(left - flare, to - 6, left - 1.5, 38, left - 1, 28),
      behind,
    );
  };
  switch (style) {
    case 'long':
      hang(face.traits.male ? 50 : 61, 3.6);
      break;
    case 'curly-long':
      hang(58, 4.5);
      curls(pen, face, 13, 33, 16.5, -0.28);
      break;
    case 'bob':
      hang(45, 3);
      break;
    case 'curly-bob':
      hang(43, 3.5);
      curls(pen, face, 11, 29, 13.5, -0.1);
      break;
    case 'bun':
      if (!face.traits.hat) pen.ellipse(33, 9.5, 5.4, 5.4, behind);
      break;
    case 'bald':
      pen.fill(
        pen
          .from(left - 0.4, 24)
          .curve(left - 1.6, 30, left, 36, left + 2.4, 37)
          .line(right - 2.4, 37)
          .curve(right, 36, right + 1.6, 30, right + 0.4, 24),
        hair,
      );
      break;
    case 'crop':
    case 'parted':
    case 'receding':
    case 'curly':
      break;
    default:
      style satisfies never;
  }
}

/** The hair over the forehead, with a highlight. */
export function drawHairInFront(pen: Pen, face: FaceParameters): void {
  const { style, hair, headWidth: w, traits, light } = face;
  if (style === 'bald') return;
  const left = 32 - w;
  const right = 32 + w;
  const cap = pen.from(left - 1.4, 31).curve(left - 2, 5.5, right + 2, 5.5, right + 1.4, 31);
  pen.fill(hairline(cap, face), hair);
  if (style === 'curly') curls(pen, face, 9, 28, 13.5, -0.08);
  if (style === 'curly-bob' || style === 'curly-long') curls(pen, face, 11, 29, 14, -0.08);
  if (traits.hat) return;
  const side = -light.shadowSide;
  const shine = pen.from(32 + side * (w - 3), 19).bow(32 + side * 5, 12.6, 32 - side * 3, 13.4);
  pen.stroke(shine, 1.3, lighter(hair, 0.25), 0.7);
}

/** The lower edge of the cap, from the right temple to the left. */
function hairline(cap: Path, face: FaceParameters): Path {
  const { style, headWidth: w, traits } = face;
  const left = 32 - w;
  const right = 32 + w;
  if (traits.fringe) {
    return cap
      .line(right - 1, 29)
      .curve(right - 4, 25, 36, 26.4, 32, 25.2)
      .curve(27, 26.6, left + 4, 25, left + 1, 29);
  }
  if (style === 'receding') {
    return cap
      .line(right - 0.8, 30)
      .curve(right - 3, 17, 39, 15.8, 32, 17.6)
      .curve(25, 15.8, left + 3, 17, left + 0.8, 30);
  }
  if (style === 'parted' || style === 'long' || style === 'bob') {
    return cap
      .line(right - 1.4, 28.5)
      .curve(right - 2.5, 22, 39, 19, 27, 20)
      .curve(23, 20.6, left + 2.6, 24, left + 1.4, 28.5);
  }
  return cap.line(right - 1.8, 27.5).curve(right - 3, 19.5, left + 3, 19.5, left + 1.8, 27.5);
}

/** Discs around the head, from ear to ear and `below` radians further down on both sides. */
function curls(pen: Pen, face: FaceParameters, count: number, y: number, height: number, below: number): void {
  for (let i = 0; i <= count; i++) {
    const angle = Math.PI - below - ((Math.PI - 2 * below) * i) / count;
    const radius = 3.3 + 1.4 * face.details[i % 32]!;
    const x = 32 + (face.headWidth + 0.6) * Math.cos(angle);
    pen.ellipse(x, y - height * Math.sin(angle), radius, radius, face.hair);
  }
}
