import type { MouseEvent, ReactNode } from 'react';
import { useId } from 'react';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

interface ButtonProps {
  /** A verb with its object: "Start training". */
  readonly children: ReactNode;
  readonly onClick: () => void;
  /** One primary action a screen. */
  readonly primary?: boolean;
  readonly small?: boolean;
  readonly icon?: IconName;
  /** Why it cannot be pressed now. The button stays reachable, and the reason is read out with it. */
  readonly disabledReason?: string | null;
  readonly pressed?: boolean;
  readonly label?: string;
  readonly keys?: string;
}

/** A button. It is never `disabled`, so that its reason can be reached by key and by screen reader. */
export function Button({ children, onClick, primary, small, icon, disabledReason, pressed, label, keys }: ButtonProps) {
  const reasonId = useId();
  const blocked = disabledReason !== undefined && disabledReason !== null && disabledReason !== '';
  const classes = ['btn', primary === true ? 'primary' : '', small === true ? 'sm' : '']
    .filter((c) => c !== '')
    .join(' ');
  return (
    <>
      <button
        type="button"
        className={classes}
        onClick={blocked ? undefined : onClick}
        {...(blocked ? { 'aria-disabled': true, 'aria-describedby': reasonId, title: disabledReason } : {})}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        {...(label === undefined ? {} : { 'aria-label': label })}
        {...(keys === undefined ? {} : { 'aria-keyshortcuts': keys })}
      >
        {icon === undefined ? null : <Icon name={icon} />}
        {children}
      </button>
      {blocked ? (
        <span id={reasonId} className="vh">
          {disabledReason}
        </span>
      ) : null}
    </>
  );
}

/** A link that looks like a button: for going to another stage. */
export function ButtonLink({
  href,
  primary,
  children,
}: {
  readonly href: string;
  readonly primary?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <a className={primary === true ? 'btn primary' : 'btn'} href={href}>
      {children}
    </a>
  );
}

interface LinkButtonProps {
  readonly children: ReactNode;
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly expanded?: boolean;
  readonly label?: string;
}

/** An action inside text. */
export function LinkButton({ children, onClick, expanded, label }: LinkButtonProps) {
  return (
    <button
      type="button"
      className="lnk"
      onClick={onClick}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {children}
    </button>
  );
}
