"""Banks (銀行): one folder per format, each turns a file into `payments.ports.Statement`s.

口座の入出金明細・振込入金通知を読む。読み方は銀行ごとに1フォルダー、共通の言葉と残高の検算はこの階にある。
"""
