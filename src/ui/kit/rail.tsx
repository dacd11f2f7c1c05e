import { Icon, Logo, StageIcon } from './icons.tsx';
import type { StageState } from './icons.tsx';

export interface RailStage {
  /** Also the route: `#/training`. */
  readonly id: string;
  readonly name: string; // Training
  readonly state: StageState;
  /** One short fact ("137 of 210"): the rail is the run's summary. */
  readonly fact: string;
}

const STATE_WORDS: Readonly<Record<StageState, string>> = {
  done: 'done',
  now: 'being set',
  running: 'running',
  open: 'ready to look at',
  todo: 'not yet',
};

interface StageRailProps {
  /** Empty: only the mark and the tools (the welcome screen). */
  readonly stages: readonly RailStage[];
  readonly current: string | null;
  readonly onToggleTheme: () => void;
  readonly onHelp: () => void;
}

/** The head of every screen: where the run stands, stage by stage, and the way to each. */
export function StageRail({ stages, current, onToggleTheme, onHelp }: StageRailProps) {
  return (
    <header className="rail">
      <a className="mark" href="#/" aria-label="Longtail, start">
        <Logo />
        <span>Longtail</span>
      </a>
      {stages.length === 0 ? (
        <span style={{ flex: 1 }} />
      ) : (
        <nav className="stages" aria-label="Stages">
          <ol>
            {stages.map((stage) => (
              <li key={stage.id}>
                <a href={`#/${stage.id}`} {...(stage.id === current ? { 'aria-current': 'page' as const } : {})}>
                  <StageIcon state={stage.state} />
                  <b>{stage.name}</b>
                  <span className="vh"> ({STATE_WORDS[stage.state]}) </span>
                  <small>{stage.fact}</small>
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="tools">
        <button type="button" className="icon-btn" aria-label="Keys and help" onClick={onHelp}>
          ?
        </button>
        <button type="button" className="icon-btn" aria-label="Light or dark" onClick={onToggleTheme}>
          <Icon name="theme" />
        </button>
      </div>
    </header>
  );
}
