import { useEffect, useRef } from 'react';
import { Mark } from '#ui/kit/icons.tsx';
import { useFace } from '#store/pictures.ts';
import { WELCOME } from './words.ts';

/** A drawn face that really is a blond old man: the kind of example that compression forgets first. */
const FACE = { seed: 1, index: 4188 };
const SIZE = 416;
const MEMBERS = 30;

function Dots({ on, kind }: { readonly on: number; readonly kind: 'base' | 'comp' }) {
  return (
    <div className={`dots ${kind}`} role="img" aria-label={`${String(on)} of ${String(MEMBERS)} votes for blond`}>
      {Array.from({ length: MEMBERS }, (_, member) => (
        <i key={member} className={member < on ? 'on' : ''} />
      ))}
    </div>
  );
}

function Face() {
  const ref = useRef<HTMLCanvasElement>(null);
  const picture = useFace(FACE.seed, FACE.index, SIZE);
  useEffect(() => {
    if (picture !== null) ref.current?.getContext('2d')?.drawImage(picture, 0, 0, SIZE, SIZE);
  }, [picture]);
  return (
    <canvas
      ref={ref}
      className="face"
      width={SIZE}
      height={SIZE}
      role="img"
      aria-label="A drawn face: an old man with blond hair and glasses, smiling"
    />
  );
}

/** One face, sixty votes: what an audit is about, without a number that nobody measured. */
export function Illustration() {
  return (
    <figure className="picture">
      <div>
        <Face />
        <p className="small" style={{ marginTop: 8 }}>
          True label <b className="said">blond</b>
        </p>
      </div>
      <div className="pops">
        <div className="pop">
          <b>Nearly all say blond</b>
          <Mark kind="base" />
          {WELCOME.full} <Dots on={28} kind="base" />
        </div>
        <div className="pop">
          <b>Hardly any still do</b>
          <Mark kind="comp" />
          {WELCOME.shrunk} <Dots on={3} kind="comp" />
        </div>
      </div>
      <figcaption className="small">
        <b className="said">{WELCOME.illustration}</b>
        <br />
        {WELCOME.illustrationWhy}
      </figcaption>
    </figure>
  );
}
