/** Ripples around a light: the mark of Recollect. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden className={className}>
      <g stroke="currentColor" strokeWidth="2.6" strokeLinecap="round">
        <path d="M28 16a12 12 0 1 1-5.3-10" opacity=".4" />
        <path d="M22.4 16a6.4 6.4 0 1 1-3.3-5.6" />
      </g>
      <circle cx="16" cy="16" r="2.5" className="fill-glow" />
    </svg>
  );
}
