/** Stands where messages will be. */
export function MessagesSkeleton() {
  return (
    <div role="status" className="mx-auto w-full max-w-3xl flex-1 space-y-6 px-4 py-8 md:px-6">
      <span className="sr-only">Loading the conversation</span>
      <div className="ml-auto h-12 w-2/5 animate-pulse rounded-2xl bg-tint" />
      <div className="space-y-3">
        {['w-11/12', 'w-full', 'w-4/5', 'w-2/3'].map((width) => (
          <div key={width} className={`h-4 animate-pulse rounded-md bg-hover ${width}`} />
        ))}
      </div>
    </div>
  );
}
