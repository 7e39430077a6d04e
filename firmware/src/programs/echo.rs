//! Sends back each line it receives, and ends after `quit`.

/// The longest line.
pub const LINE: usize = 256;

/// `echo()`
#[macro_export]
macro_rules! echo {
    ($(#[$attribute:meta])*) => {
        $(#[$attribute])*
        async fn echo() {
            let mut line = [0; $crate::programs::LINE];
            let mut length = 0;
            loop {
                match $crate::board::serial::receive().await {
                    b'\n' => {
                        let text = line.get(..length).unwrap_or_default();
                        $crate::board::serial::write(text);
                        $crate::board::serial::print("\n");
                        if text == b"quit" {
                            $crate::board::finish();
                        }
                        length = 0;
                    }
                    byte => {
                        if let Some(place) = line.get_mut(length) {
                            *place = byte;
                            length += 1;
                        }
                    }
                }
            }
        }
    };
}
