import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { applyUpdate } from '../conversations/cache';
import { conversationKeys } from '../conversations/queries';
import { LiveSocket } from './LiveSocket';

/** Often enough that API Gateway does not close an idle connection, which it does after ten minutes. */
const PING_MS = 120_000;

/** Keeps the lists of conversations as the server has them, whichever tab or device changed them. */
export function useAccountSocket(): void {
  const client = useQueryClient();
  useEffect(() => {
    let opened = false;
    const socket = new LiveSocket(
      '/ws/',
      {
        onFrame: (frame) => {
          if (frame.type === 'conversation.updated') {
            applyUpdate(client, frame);
          }
        },
        onOpen: () => {
          // What happened while it was away is not told again. The first time, the lists have just been read.
          if (opened) {
            void client.invalidateQueries({ queryKey: conversationKeys.lists });
          }
          opened = true;
        },
        onLost: () => undefined,
        onState: () => undefined,
      },
      PING_MS,
    );
    return () => socket.close();
  }, [client]);
}
