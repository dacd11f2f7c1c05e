import { useId } from 'react';
import { applyPreset } from '#store/plan.ts';
import type { Preset } from '#store/state.ts';
import { PRESETS } from './words.ts';

/** Three plans to start from; none is chosen once the plan was edited. */
export function Presets({ preset }: { readonly preset: Preset | null }) {
  const name = useId();
  return (
    <fieldset className="presets">
      <legend className="vh">Preset</legend>
      {PRESETS.map((choice) => (
        <label key={choice.id}>
          <input type="radio" name={name} checked={choice.id === preset} onChange={() => applyPreset(choice.id)} />
          <b>{choice.name}</b>
          <span>
            {choice.text}
            <br />
            {choice.aside}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
