/** Rings on water that fade outwards. */
export function Ripples({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 400 400" fill="none" stroke="currentColor" aria-hidden className={className}>
      {RADII.map((radius, index) => (
        <circle key={radius} cx="200" cy="200" r={radius} opacity={0.26 - index * 0.036} />
      ))}
    </svg>
  );
}

const RADII = [26, 52, 82, 114, 148, 180, 198];
