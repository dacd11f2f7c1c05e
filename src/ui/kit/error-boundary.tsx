import type { ErrorInfo, ReactNode } from 'react';
import { Component } from 'react';
import { Button } from './button.tsx';

interface ErrorBoundaryProps {
  /** What broke, as people call it: "The evidence". */
  readonly what: string;
  readonly children: ReactNode;
}

/** Keeps the rest of the app when one screen fails, and says what is safe. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <section className="crash" role="alert">
        <h2>{this.props.what} cannot be shown</h2>
        <p className="lead">What was trained and labelled is kept on this device. Try again, or open another stage.</p>
        <p className="small">
          <code>{this.state.error.message}</code>
        </p>
        <Button primary onClick={() => this.setState({ error: null })}>
          Try again
        </Button>
      </section>
    );
  }
}
