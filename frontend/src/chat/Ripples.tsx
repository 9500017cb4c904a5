/** Rings on water that fade outwards. The innermost is wide enough for the words that it is drawn around. */
export function Ripples({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 400 400" fill="none" stroke="currentColor" aria-hidden className={className}>
      {RADII.map((radius, index) => (
        <circle key={radius} cx="200" cy="200" r={radius} opacity={0.24 - index * 0.044} />
      ))}
    </svg>
  );
}

const RADII = [122, 138, 156, 176, 198];
