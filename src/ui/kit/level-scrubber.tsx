import type { CSSProperties } from 'react';
import { useId } from 'react';

export interface ScrubberLevel {
  readonly level: string; // levelName(spec)
  readonly label: string; // 0.95, hybrid int8
  /** CIEs at this level, null while it is not known. */
  readonly count: number | null;
  /** Quantized levels stand apart on a track of their own. */
  readonly track: 'pruned' | 'int8';
}

interface LevelScrubberProps {
  readonly levels: readonly ScrubberLevel[];
  readonly value: string;
  /** What chance alone gives, shown at the baseline's stop; null leaves its count out. */
  readonly chance: number | null;
  readonly onChange: (level: string) => void;
}

/** Radio buttons on an even track, each under a bar of its CIE count; the arrow keys move it. Areas grow with the square root. */
export function LevelScrubber({ levels, value, chance, onChange }: LevelScrubberProps) {
  const name = useId();
  const most = Math.max(1, chance ?? 0, ...levels.map((level) => level.count ?? 0));
  const height = (count: number | null) => Math.max(1, Math.round(32 * Math.sqrt((count ?? 0) / most)));
  const pruned = levels.filter((level) => level.track === 'pruned');
  const int8 = levels.filter((level) => level.track === 'int8');
  const stop = (level: ScrubberLevel) => (
    <label className="stop" key={level.level}>
      <input
        type="radio"
        name={name}
        checked={level.level === value}
        onChange={() => onChange(level.level)}
        aria-label={`level ${level.label}, ${level.count === null ? 'count not known yet' : `${String(level.count)} CIE`}`}
      />
      <span className="bar">
        <i style={{ height: height(level.count) }} />
      </span>
      <span className="dot" />
      <span>{level.label}</span>
      <small>{level.count === null ? '–' : level.count.toLocaleString('en')}</small>
    </label>
  );
  const track = (n: number) => ({ '--n': n }) as CSSProperties;
  return (
    <fieldset className="scrub">
      <legend className="vh">Level of compression</legend>
      {pruned.length === 0 ? null : (
        <div className="kind" style={{ flex: pruned.length + 1 }}>
          <div className="stops" style={track(pruned.length + 1)}>
            <div className="stop zero" style={{ cursor: 'default' }}>
              <span className="bar">
                <i style={{ height: height(chance) }} />
              </span>
              <span className="dot" />
              <span>0</span>
              <small>
                {chance === null ? 'baseline' : `chance ${chance.toLocaleString('en', { maximumFractionDigits: 0 })}`}
              </small>
            </div>
            {pruned.map(stop)}
          </div>
        </div>
      )}
      {int8.length === 0 ? null : (
        <div className="kind" style={{ flex: int8.length }}>
          <div className="stops" style={track(int8.length)}>
            {int8.map(stop)}
          </div>
        </div>
      )}
    </fieldset>
  );
}
